extension DeviceField {
    /// What a typed value means where the field compares as a number; nil: it is no such value, or the field is text.
    func number(_ value: String, of kind: DeviceKind = .pci) -> Int? {
        switch self.kind(of: kind) {
        case .text, .word, .patterns, .shortAddresses: return nil
        case .decimal:
            guard (1...9).contains(value.utf8.count), value.utf8.allSatisfy({ (48...57).contains($0) }) else {
                return nil
            }
            return Int(value)
        case .hexadecimal(let widths): return Self.hexadecimal(value, widths: widths)
        case .address: return (try? PCIAddress(value))?.number
        case .slot: return (try? PCIAddress(value + ".0")).map { $0.number >> 3 }
        }
    }

    private static func hexadecimal(_ value: String, widths: [Int]) -> Int? {
        let parts = value.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == widths.count else { return nil }
        var number = 0
        for (part, width) in zip(parts, widths) {
            let digits = part.hasPrefix("0x") ? part.dropFirst(2) : part
            guard digits.utf8.count == width, digits.utf8.allSatisfy(\.isHexDigit),
                let value = Int(digits, radix: 16)
            else { return nil }
            number = number << (width * 4) | value
        }
        return number
    }

    /// How a value of the field is written, for the sentence that refuses another.
    func example(of kind: DeviceKind = .pci) -> String {
        switch self.kind(of: kind) {
        case .text: "text"
        case .word(let words): "one of " + words.joined(separator: ", ")
        case .decimal: "a number such as 0"
        case .hexadecimal([4, 4]): "two ids such as 10de:20b5"
        case .hexadecimal([6]): "six hexadecimal digits such as 030200"
        case .hexadecimal([2]): "two hexadecimal digits such as \(kind == .usb ? "08" : "a1")"
        case .hexadecimal: "four hexadecimal digits such as 10de"
        case .address: "an address such as 0000:41:00.0 or 41:00.0"
        case .slot: "an address without its function number, such as 0000:41:00 or 41:00"
        case .patterns: "vendor:device:class with * for any, such as 10de:*:0302, several separated by commas"
        case .shortAddresses: "an address without its domain, such as 41:00.0, several separated by commas"
        }
    }
}
