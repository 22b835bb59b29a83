/// One way out of the host, as a routing table has it.
struct Route: Hashable {
    /// RT_TABLE_MAIN of `include/uapi/linux/rtnetlink.h`.
    static let mainTable: UInt32 = 254

    var table: UInt32
    var destination: IPPrefix
    var interface: String
    /// The lowest of a table wins.
    var metric: UInt32
    /// Packets go to a neighbour that passes them on.
    var hasGateway = false
    /// Only for packets with such a source address. nil: for all.
    var source: IPPrefix?

    /// All that no other route takes; or a half of it, as programs write it who leave the default route as it is.
    var isDefault: Bool { destination.isWide }
    /// To one host alone.
    var isToHost: Bool { destination.length == destination.address.bytes.count * 8 }
}

extension Route {
    /// RTF_REJECT and RTF_LOCAL of `include/uapi/linux/route.h` and `ipv6_route.h`: these lead nowhere.
    private static let leadsNowhere: UInt32 = 0x200 | 0x8000_0000
    /// RTF_GATEWAY of `include/uapi/linux/route.h`.
    private static let gateway: UInt32 = 0x2

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
            interface: String(fields[0]), metric: UInt32(fields[6]) ?? 0, hasGateway: flags & Self.gateway != 0)
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
            interface: String(fields[9]), metric: UInt32(fields[5], radix: 16) ?? 0,
            hasGateway: flags & Self.gateway != 0, source: Self.source(fields[2], Int(fields[3], radix: 16)))
    }

    private static func source(_ digits: Substring, _ length: Int?) -> IPPrefix? {
        guard let length, length > 0, let address = IPAddress(hexadecimal: digits),
            length <= address.bytes.count * 8
        else { return nil }
        return IPPrefix(address: address, length: length)
    }

    /// A line of `pb_routes`: `4 254 c0000200 24 100 eth0`, then `via` and `from=2001…/48` where they apply.
    init?(recordedLine line: Substring) {
        let fields = line.split(separator: " ")
        guard fields.count >= 6, let table = UInt32(fields[1]), let length = Int(fields[3]),
            let metric = UInt32(fields[4]), let address = IPAddress(hexadecimal: fields[2]),
            (0...address.bytes.count * 8).contains(length)
        else { return nil }
        let from = fields[6...].first { $0.hasPrefix("from=") }?.dropFirst(5).split(separator: "/") ?? []
        self.init(
            table: table, destination: IPPrefix(address: address, length: length), interface: String(fields[5]),
            metric: metric, hasGateway: fields[6...].contains("via"),
            source: from.count == 2 ? Self.source(from[0], Int(from[1])) : nil)
    }
}
