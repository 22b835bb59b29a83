/// Serial numbers in vital product data (PCI Local Bus Specification 3.0, appendix I), replaced by others of the same
/// length, so that everything else stays where it is. Fields that only the vendor can read are blanked.
enum VPDSecrets {
    static func replace(in bytes: [UInt8], _ standIn: (String) -> String) -> [UInt8] {
        var result = bytes
        var at = 0
        while at + 3 <= bytes.count, bytes[at] & 0x80 != 0 {
            let end = at + 3 + Int(bytes[at + 1]) + Int(bytes[at + 2]) << 8
            guard end <= bytes.count else { break }
            if bytes[at] == 0x90 || bytes[at] == 0x91 { fields(at + 3..<end, &result, standIn) }
            at = end
        }
        return result
    }

    private static func fields(_ range: Range<Int>, _ bytes: inout [UInt8], _ standIn: (String) -> String) {
        var at = range.lowerBound
        while at + 3 <= range.upperBound {
            let end = at + 3 + Int(bytes[at + 2])
            guard end <= range.upperBound else { return }
            let value = at + 3..<end
            switch (bytes[at], bytes[at + 1]) {
            case (0x53, 0x4e): serial(value, &bytes, standIn)
            // PN, EC: the same on every card of a model.
            case (0x50, 0x4e), (0x45, 0x43): break
            case (0x52, 0x56):
                // The checksum makes the sum of all bytes up to itself zero.
                let sum = bytes[..<value.lowerBound].reduce(UInt8(0)) { $0 &+ $1 }
                if !value.isEmpty { bytes[value.lowerBound] = 0 &- sum }
            default: for index in value { bytes[index] = 0x20 }
            }
            at = end
        }
    }

    private static func serial(_ range: Range<Int>, _ bytes: inout [UInt8], _ standIn: (String) -> String) {
        let text = String(decoding: bytes[range].filter { $0 > 0x20 && $0 < 0x7f }, as: UTF8.self)
        guard !text.isEmpty else { return }
        let made = Array(standIn(text).utf8.suffix(range.count))
        let filled = made + [UInt8](repeating: 0x20, count: range.count - made.count)
        for (index, byte) in zip(range, filled) { bytes[index] = byte }
    }
}
