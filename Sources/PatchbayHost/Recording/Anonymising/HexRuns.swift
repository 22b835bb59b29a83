import PatchbayCore

/// Finds numbers written in hexadecimal digits in a text: hardware addresses, UUIDs, world-wide names, in any spelling.
enum HexRuns {
    /// Digits and separators in one piece: `aa:bb:cc:dd:ee:ff`, `4b20d080-1b54-…`, `001122334455`.
    struct Run {
        var range: Range<Int>
        /// Lower case, without separators.
        var digits: String
        var shape: Shape
    }
    enum Shape {
        /// Pairs with colons or dashes, six or more: a hardware address.
        case pairs
        /// 8-4-4-4-12.
        case uuid
        /// At least twelve digits with nothing between: only a number that is known from elsewhere.
        case plain
    }

    /// All runs in a text that have at least twelve digits.
    static func find(in text: [UInt8]) -> [Run] {
        var runs: [Run] = []
        var at = 0
        while at < text.count {
            guard KernelText.digit(text[at]) != nil else {
                at += 1
                continue
            }
            let start = at
            while at < text.count, isPart(text[at]) { at += 1 }
            guard at - start >= 12 else { continue }
            runs += split(text, start..<at)
        }
        return runs
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        KernelText.digit(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-")
    }

    /// The groups between separators, put together where they make an address or a UUID.
    private static func split(_ text: [UInt8], _ range: Range<Int>) -> [Run] {
        var groups: [Range<Int>] = []
        var start = range.lowerBound
        for at in range where KernelText.digit(text[at]) == nil {
            groups.append(start..<at)
            start = at + 1
        }
        groups.append(start..<range.upperBound)
        var runs: [Run] = []
        var index = 0
        while index < groups.count {
            let (count, shape) = shape(of: groups[index...])
            let whole = groups[index].lowerBound..<groups[index + count - 1].upperBound
            let digits = String(decoding: text[whole].filter { KernelText.digit($0) != nil }, as: UTF8.self)
                .lowercased()
            if digits.count >= 12 { runs.append(Run(range: whole, digits: digits, shape: shape)) }
            index += count
        }
        return runs
    }

    private static func shape(of groups: ArraySlice<Range<Int>>) -> (count: Int, shape: Shape) {
        if groups.prefix(5).map(\.count) == [8, 4, 4, 4, 12] { return (5, .uuid) }
        let pairs = groups.prefix { $0.count == 2 }.count
        if pairs >= 6 { return (pairs, .pairs) }
        let quads = groups.prefix { $0.count == 4 }.count
        // GUIDs of InfiniBand: 0011:2233:4455:6677.
        if quads == 4, groups.count == 4 { return (4, .pairs) }
        return (1, .plain)
    }

    /// The made-up digits in the spelling of the run: separators and case are kept.
    static func spell(_ digits: String, like original: ArraySlice<UInt8>) -> [UInt8] {
        let isUpper = original.contains { (0x41...0x46).contains($0) }
        var rest = Array((isUpper ? digits.uppercased() : digits).utf8)[...]
        return original.map { byte in KernelText.digit(byte) == nil ? byte : rest.popFirst() ?? byte }
    }
}
