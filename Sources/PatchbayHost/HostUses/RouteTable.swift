/// Which interfaces carry the default route.
enum RouteTable {
    /// Sorted, each once. IPv4 and IPv6, by `proc/net/route` and `proc/net/ipv6_route` of process 1 or our own.
    static func defaultInterfaces(in tree: HostTree) -> [String] {
        var names: Set<String> = []
        if let text = first(of: SysfsPath.routes, in: tree) {
            names.formUnion(text.split(separator: "\n").dropFirst().compactMap { ipv4($0) })
        }
        if let text = first(of: SysfsPath.routes6, in: tree) {
            names.formUnion(text.split(separator: "\n").compactMap { ipv6($0) })
        }
        return names.sorted()
    }

    private static func first(of paths: [String], in tree: HostTree) -> String? {
        for path in paths {
            if let text = tree.text(path) { return text }
        }
        return nil
    }

    /// RTF_REJECT of `include/uapi/linux/route.h`: a route that refuses is no way out.
    private static let reject: UInt32 = 0x200

    /// `Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT`, addresses in hexadecimal.
    private static func ipv4(_ line: Substring) -> String? {
        let fields = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
        guard fields.count >= 8, fields[1] == "00000000", fields[7] == "00000000",
            let flags = UInt32(fields[3], radix: 16), flags & reject == 0
        else { return nil }
        return String(fields[0])
    }

    /// `destination length source length nexthop metric refcnt use flags interface`
    private static func ipv6(_ line: Substring) -> String? {
        let fields = line.split(separator: " ")
        guard fields.count >= 10, fields[0].allSatisfy({ $0 == "0" }), fields[1] == "00",
            let flags = UInt32(fields[8], radix: 16), flags & reject == 0, fields[9] != "lo"
        else { return nil }
        return String(fields[9])
    }
}
