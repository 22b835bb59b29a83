/// An IPv4 or IPv6 address as the bytes that are on the wire: 4 or 16 of them.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// nil: neither 4 nor 16 bytes. An IPv4 address written as IPv6 (`::ffff:a.b.c.d`, RFC 4291 section 2.5.5.2) is
    /// taken as IPv4: that is how its packets are routed.
    package init?(bytes: [UInt8]) {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        switch bytes.count {
        case 4: self.bytes = bytes
        case 16: self.bytes = bytes.starts(with: mapped) ? Array(bytes[12...]) : bytes
        default: return nil
        }
    }

    /// 8 or 32 hexadecimal digits in the order of the wire, taken as they are: for the ranges of a routing table.
    init?(hexadecimal text: some StringProtocol) {
        let digits = text.utf8.compactMap { KernelText.digit($0) }
        guard digits.count == text.utf8.count, digits.count == 8 || digits.count == 32 else { return nil }
        bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// `192.0.2.1` or `2001:db8::1`, with or without brackets and a zone (`fe80::1%eth0`). nil for names and anything
    /// else.
    package init?(_ text: some StringProtocol) {
        var text = text[...]
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        text = text.prefix { $0 != "%" }
        guard let bytes = text.contains(":") ? Self.six(String(text)) : Self.four(String(text)) else { return nil }
        self.init(bytes: bytes)
    }

    package var isIPv6: Bool { bytes.count == 16 }

    /// A host of the Internet may have it: it is not link-local (169.254.0.0/16, fe80::/10), private (RFC 1918, fc00::/7) or
    /// of a provider's own network (100.64.0.0/10), and not the one that guests of Azure have a route to (168.63.129.16).
    var isPublic: Bool {
        let (first, second) = (bytes[0], bytes[1])
        guard !isIPv6 else { return first & 0xfe != 0xfc && !(first == 0xfe && second & 0xc0 == 0x80) }
        switch (first, second) {
        case (10, _), (100, 64...127), (169, 254), (172, 16...31), (192, 168): return false
        default: return bytes != [168, 63, 129, 16]
        }
    }

    private static func four(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { $0.count <= 3 && $0.allSatisfy(\.isNumber) ? UInt8($0) : nil }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    /// RFC 4291 section 2.2: at most one `::`, and perhaps an IPv4 address at the end.
    private static func six(_ text: String) -> [UInt8]? {
        guard let gap = text.firstRange(of: "::") else {
            guard let bytes = words(text), bytes.count == 16 else { return nil }
            return bytes
        }
        let before = text[..<gap.lowerBound]
        let after = text[gap.upperBound...]
        guard let head = before.isEmpty ? [] : words(String(before)),
            let tail = after.isEmpty ? [] : words(String(after)), head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func words(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains("."), let last = four(String(part)) {
                bytes += last
            } else if (1...4).contains(part.count), let word = UInt16(part, radix: 16), part.first != "+" {
                bytes += [UInt8(word >> 8), UInt8(word & 0xff)]
            } else {
                return nil
            }
        }
        return bytes
    }

    /// The longest run of zero words is shortened, as RFC 5952 asks.
    package var description: String {
        guard isIPv6 else { return bytes.map(String.init).joined(separator: ".") }
        let words = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        var best = 0..<0
        var start = 0
        while start < words.count {
            var end = start
            while end < words.count, words[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start + 1)
        }
        let texts = words.map { String($0, radix: 16) }
        guard !best.isEmpty else { return texts.joined(separator: ":") }
        return texts[..<best.lowerBound].joined(separator: ":") + "::"
            + texts[best.upperBound...].joined(separator: ":")
    }
}

/// A range of addresses: those that begin with the first `length` bits of `address`.
struct IPPrefix: Hashable, CustomStringConvertible {
    var address: IPAddress
    /// 0...32 or 0...128
    var length: Int

    func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        let whole = length / 8
        guard other.bytes[..<whole] == address.bytes[..<whole] else { return false }
        let rest = length % 8
        guard rest > 0 else { return true }
        return (other.bytes[whole] ^ address.bytes[whole]) >> UInt8(8 - rest) == 0
    }

    /// Most of all addresses: the default route, or what is put over one without touching it (`redirect-gateway` of
    /// OpenVPN, `0.0.0.0/1` and `128.0.0.0/1`; for IPv6 the global addresses `2000::/3`, or halves of them).
    var isWide: Bool {
        guard address.isIPv6 else { return length <= 1 }
        let isGlobal = address.bytes[0] >> 5 == 1
        return length <= 1 || isGlobal && length <= 4 || length <= 3 && address.bytes[0] == 0
    }

    /// No host has such a destination to itself: link-local (fe80::/10) and multicast (ff00::/8, 224.0.0.0/4).
    var isLocalOnly: Bool {
        let first = address.bytes[0]
        guard address.isIPv6 else { return first >= 224 && length >= 4 }
        return first == 0xff || first == 0xfe && address.bytes[1] & 0xc0 == 0x80 && length >= 10
    }

    var description: String { "\(address)/\(length)" }
}
