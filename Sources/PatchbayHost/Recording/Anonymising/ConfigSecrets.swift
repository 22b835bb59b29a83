/// The Device Serial Number in a config space: extended capability 0x0003, eight bytes from offset 4 on, low byte first
/// (PCI Express Base Specification 6.0, section 7.9.3).
enum ConfigSecrets {
    /// - Parameter standIn: from sixteen hexadecimal digits, high byte first, to as many others.
    static func replace(in config: [UInt8], _ standIn: (String) -> String) -> [UInt8] {
        var config = config
        for place in places(in: config) {
            let digits = standIn(digits(config[place].reversed()))
            let bytes = stride(from: 0, to: 16, by: 2).compactMap { offset in
                UInt8(digits.dropFirst(offset).prefix(2), radix: 16)
            }
            guard bytes.count == 8 else { continue }
            config.replaceSubrange(place, with: bytes.reversed())
        }
        return config
    }

    /// Where serial numbers are. The list is followed at most 480 steps and never out of bounds.
    static func places(in config: [UInt8]) -> [Range<Int>] {
        var places: [Range<Int>] = []
        var at = 0x100
        for _ in 0..<480 {
            guard at >= 0x100, at + 4 <= config.count else { break }
            let header = (0..<4).reduce(UInt32(0)) { $0 | UInt32(config[at + $1]) << UInt32(8 * $1) }
            if header & 0xffff == 0x0003, at + 12 <= config.count { places.append(at + 4..<at + 12) }
            at = Int(header >> 20) & ~3
        }
        return places
    }

    static func digits(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
