import PatchbayCore

extension Anonymiser {
    /// Numbers and secret words replaced; everything else stays byte for byte.
    /// - Parameters:
    ///   - allNames: host names are looked for as well.
    ///   - isFree: 32 digits in one piece are a machine id.
    mutating func plainText(_ text: [UInt8], allNames: Bool, isFree: Bool = false) -> [UInt8] {
        let numbered = numbers(text, isFree: isFree)
        return words.isEmpty && names.isEmpty ? numbered : worded(numbered, allNames: allNames)
    }

    private mutating func numbers(_ text: [UInt8], isFree: Bool) -> [UInt8] {
        let runs = HexRuns.find(in: text)
        guard !runs.isEmpty else { return text }
        var result: [UInt8] = []
        var done = 0
        for run in runs {
            let digits = isSecret(run, isFree: isFree) ? values.hex(run.digits) : values.known(.hex, run.digits)
            guard let digits else { continue }
            result += text[done..<run.range.lowerBound]
            result += HexRuns.spell(digits, like: text[run.range])
            done = run.range.upperBound
        }
        return result + text[done...]
    }

    /// Words of letters, digits, dots, dashes, underscores and plus signs: first as a whole, then part by part.
    private func worded(_ text: [UInt8], allNames: Bool) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var at = 0
        while at < text.count {
            let start = at
            while at < text.count, Self.isOfWord(text[at]) { at += 1 }
            if at > start { result += word(text[start..<at], allNames: allNames) }
            if at < text.count {
                result.append(text[at])
                at += 1
            }
        }
        return result
    }

    private func word(_ bytes: ArraySlice<UInt8>, allNames: Bool) -> [UInt8] {
        if let whole = standIn(bytes, allNames: allNames) { return Array(whole.utf8) }
        let joints = bytes.indices.filter { Self.isJoint(bytes[$0]) }
        guard !joints.isEmpty else { return Array(bytes) }
        var result: [UInt8] = []
        var start = bytes.startIndex
        for end in joints + [bytes.endIndex] {
            let part = bytes[start..<end]
            result += standIn(part, allNames: allNames).map { Array($0.utf8) } ?? Array(part)
            if end < bytes.endIndex { result.append(bytes[end]) }
            start = min(end + 1, bytes.endIndex)
        }
        return result
    }

    private func standIn(_ bytes: ArraySlice<UInt8>, allNames: Bool) -> String? {
        guard bytes.count >= 2 else { return nil }
        let word = String(decoding: bytes, as: UTF8.self)
        return words[word] ?? (allNames ? names[word] : nil)
    }

    private static func isJoint(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+")
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte & 0xdf) || isJoint(byte)
    }
}
