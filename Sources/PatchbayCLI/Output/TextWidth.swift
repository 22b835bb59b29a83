extension String {
    /// Columns that the text takes on a terminal: wide East Asian letters and emoji take two, combining marks none.
    ///
    /// Source: Unicode Standard Annex 11, the wide blocks that occur in names.
    var columns: Int {
        utf8.allSatisfy { (0x20..<0x7f).contains($0) } ? utf8.count : reduce(0) { $0 + $1.columns }
    }

    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - columns)) }
    func padded(onLeftTo width: Int) -> String { String(repeating: " ", count: max(0, width - columns)) + self }

    /// Its words on lines of at most `width` columns; a word that is longer stands alone. At least one line.
    func wrapped(to width: Int) -> [String] {
        var lines: [String] = []
        for word in split(separator: " ") {
            if let last = lines.last, last.columns + 1 + String(word).columns <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines.isEmpty ? [""] : lines
    }

    /// At most `width` columns; what is cut is shown by `ending`.
    func shortened(to width: Int, ending: String) -> String {
        guard columns > width else { return self }
        let room = max(0, width - ending.columns)
        var result = ""
        var used = 0
        for character in self {
            guard used + character.columns <= room else { break }
            used += character.columns
            result.append(character)
        }
        return result + (width >= ending.columns ? ending : "")
    }
}

extension Character {
    fileprivate var columns: Int {
        guard let scalar = unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
            0xffe0...0xffe6, 0x1f300...0x1faff, 0x20000...0x3fffd:
            return 2
        case 0x300...0x36f, 0x200b...0x200f, 0xfe00...0xfe0f: return 0
        default: return 1
        }
    }
}
