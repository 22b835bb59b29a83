/// One way out of the host, as a routing table has it.
struct Route: Hashable {
    /// RT_TABLE_MAIN of `include/uapi/linux/rtnetlink.h`.
    static let mainTable: UInt32 = 254

    var table: UInt32
    var destination: IPPrefix
    var interface: String
    /// The lowest of a table wins.
    var metric: UInt32

    var isDefault: Bool { destination.length == 0 }
}

extension Route {
    /// RTF_REJECT and RTF_LOCAL of `include/uapi/linux/route.h` and `ipv6_route.h`: these lead nowhere.
    private static let leadsNowhere: UInt32 = 0x200 | 0x8000_0000

    /// A line of `proc/net/route`: `Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT`. Addresses
    /// are hexadecimal words in the byte order of the machine.
    init?(ipv4Line line: Substring, _ order: KernelByteOrder) {
        let fields = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
        guard fields.count >= 8, let destination = UInt32(fields[1], radix: 16),
            let mask = UInt32(fields[7], radix: 16),
            let flags = UInt32(fields[3], radix: 16), flags & Self.leadsNowhere == 0,
            let address = IPAddress(bytes: order.bytes(of: destination))
        else { return nil }
        self.init(
            table: Self.mainTable, destination: IPPrefix(address: address, length: mask.nonzeroBitCount),
            interface: String(fields[0]), metric: UInt32(fields[6]) ?? 0)
    }

    /// A line of `proc/net/ipv6_route`:
    /// `destination length source length nexthop metric refcnt use flags interface`, all hexadecimal.
    init?(ipv6Line line: Substring) {
        let fields = line.split(separator: " ")
        guard fields.count >= 10, fields[0].utf8.count == 32, let length = Int(fields[1], radix: 16),
            (0...128).contains(length), let flags = UInt32(fields[8], radix: 16), flags & Self.leadsNowhere == 0,
            fields[9] != "lo", let address = IPAddress(hexadecimal: fields[0])
        else { return nil }
        self.init(
            table: Self.mainTable, destination: IPPrefix(address: address, length: length),
            interface: String(fields[9]), metric: UInt32(fields[5], radix: 16) ?? 0)
    }
}
