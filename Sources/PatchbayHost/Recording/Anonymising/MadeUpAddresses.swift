/// Made-up IP addresses that keep what routing depends on: two addresses that share their first n bits share them still.
///
/// Each bit of a network is turned over or kept by which of the two was met first below the same prefix, so the networks
/// of the host are counted like all made-up values. The last part of an address, which says nothing without its network,
/// is kept for version 4 and counted for version 6.
struct MadeUpAddresses {
    /// The bit that was met first below a prefix.
    private var firstBits: [[Bool]: Bool] = [:]
    private var firstOctets: [UInt8: UInt8] = [:]
    private var firstOctets6: [UInt8: UInt8] = [:]
    private var interfaceParts: [UInt64: UInt64] = [:]

    /// - Parameter prefix: how many bits are of the network; the others stay as they are (zero).
    mutating func version4(_ address: UInt32, prefix: Int = 32) -> UInt32 {
        let first = UInt8(address >> 24)
        // This host, loopback, link local, multicast and broadcast name nobody.
        if prefix < 8 || first == 0 || first == 127 || first >= 224 || address >> 16 == 0xa9fe { return address }
        let octet = firstOctets[first] ?? 10 + UInt8(truncatingIfNeeded: firstOctets.count) % 100
        firstOctets[first] = octet
        let network = turned(bits: (UInt64(address) >> 8) & 0xffff, count: 16, shown: prefix - 8, below: bits(first))
        return UInt32(octet) << 24 | UInt32(truncatingIfNeeded: network) << 8 | address & 0xff
    }

    /// Sixteen bytes.
    mutating func version6(_ address: [UInt8], prefix: Int = 128) -> [UInt8] {
        let number = address.reduce((high: UInt64(0), low: UInt64(0))) { sum, byte in
            (sum.high << 8 | sum.low >> 56, sum.low << 8 | UInt64(byte))
        }
        if prefix < 8 || number.high == 0 && number.low <= 1 { return address }
        var high = number.high
        let first = address[0]
        if first & 0xe0 == 0x20 || first & 0xfe == 0xfc {
            let octet = firstOctets6[first] ?? 0xfd &- UInt8(truncatingIfNeeded: firstOctets6.count)
            firstOctets6[first] = octet
            let rest = turned(bits: high & (.max >> 8), count: 56, shown: prefix - 8, below: [true] + bits(first))
            high = UInt64(octet) << 56 | rest
        }
        let low = prefix > 64 && number.low > 0xffff ? interfacePart(number.low) : number.low
        return [high, low].flatMap { part in (0..<8).map { UInt8(truncatingIfNeeded: part >> (56 - 8 * UInt64($0))) } }
    }

    private mutating func interfacePart(_ part: UInt64) -> UInt64 {
        if let known = interfaceParts[part] { return known }
        if part >> 16 == 0x0250_42ff_fe00 { return part }
        let value = 0x0250_42ff_fe00_0000 + UInt64(interfaceParts.count + 1)
        interfaceParts[part] = value
        return value
    }

    private mutating func turned(bits value: UInt64, count: Int, shown: Int, below start: [Bool]) -> UInt64 {
        var path = start
        var result: UInt64 = 0
        for place in 0..<count {
            let bit = value >> UInt64(count - 1 - place) & 1 == 1
            guard place < shown else {
                result = result << 1 | (bit ? 1 : 0)
                continue
            }
            let first = firstBits[path] ?? bit
            firstBits[path] = first
            result = result << 1 | (bit == first ? 0 : 1)
            path.append(bit)
        }
        return result
    }

    private func bits(_ byte: UInt8) -> [Bool] { (0..<8).map { byte >> (7 - $0) & 1 == 1 } }
}
