import CPatchbayHost
import PatchbayCore

/// The routes of a host: of all tables where that can be known, of the main tables otherwise.
struct RouteTables {
    /// Sorted by family, table, prefix length (longest first), metric.
    let routes: [Route]
    /// False: the tree holds no routing table at all, so that nothing is known about any interface.
    let isKnown: Bool

    init(_ tree: HostTree) {
        if let text = Self.recordedText(in: tree) {
            routes = text.split(separator: "\n").compactMap { Route(recordedLine: $0) }.sorted(by: Self.precedes)
            isKnown = true
            return
        }
        let four = tree.first(of: SysfsPath.routes)
        let six = tree.first(of: SysfsPath.routes6)
        let order = KernelByteOrder(of: tree)
        let routes =
            (four ?? "").split(separator: "\n").dropFirst().compactMap { Route(ipv4Line: $0, order) }
            + (six ?? "").split(separator: "\n").compactMap { Route(ipv6Line: $0) }
        self.routes = routes.sorted(by: Self.precedes)
        isKnown = four != nil || six != nil
    }

    /// What `SysfsPath.recordedRoutes` holds for this host: on the live one the kernel's answer for all tables, which
    /// no file below `proc` shows. nil: a tree recorded without it, or another network namespace than the host's.
    package static func recordedText(in tree: HostTree) -> String? {
        guard tree.isLive else { return tree.text(SysfsPath.recordedRoutes) }
        let own = tree.link("proc/self/\(SysfsPath.networkNamespace)")
        guard let host = tree.link("proc/1/\(SysfsPath.networkNamespace)") ?? own, host == own else { return nil }
        var text: UnsafeMutablePointer<CChar>?
        let count = pb_routes(&text)
        defer { pb_free(text) }
        guard count >= 0 else { return nil }
        guard let text else { return "" }
        return UnsafeRawBufferPointer(start: text, count: count).withMemoryRebound(to: UInt8.self) {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private static func precedes(_ a: Route, _ b: Route) -> Bool {
        func rank(_ route: Route) -> (Int, UInt32, Int, UInt32, String) {
            (
                route.destination.address.isIPv6 ? 1 : 0, route.table, -route.destination.length, route.metric,
                route.interface
            )
        }
        return rank(a) < rank(b)
    }
}

extension RouteTables {
    /// Interfaces by which packets to `address` may leave: the best route of each table, for a rule may choose any.
    /// Several where one table has several equal ways. Sorted, each once.
    func interfaces(to address: IPAddress) -> [String] {
        var best: [UInt32: (length: Int, metric: UInt32)] = [:]
        var names: Set<String> = []
        for route in routes where route.destination.contains(address) {
            let own = (route.destination.length, route.metric)
            if let found = best[route.table], found != own { continue }
            best[route.table] = own
            names.insert(route.interface)
        }
        return names.sorted()
    }

    /// A default route and the interfaces that share it: several where the kernel spreads packets over equal ways.
    struct DefaultRoute: Equatable {
        var interfaces: [String]
        /// Used only when no better one of the same table is left.
        var isStandby: Bool
    }

    /// The ways out of each table and family, the ones in use first.
    func defaults() -> [DefaultRoute] {
        struct Key: Hashable {
            var isIPv6: Bool
            var table: UInt32
        }
        var best: [Key: UInt32] = [:]
        var equal: [Key: [String]] = [:]
        var standby: Set<String> = []
        for route in routes where route.isDefault {
            let key = Key(isIPv6: route.destination.address.isIPv6, table: route.table)
            if route.metric == best[key, default: route.metric] {
                best[key] = route.metric
                equal[key, default: []].append(route.interface)
            } else {
                standby.insert(route.interface)
            }
        }
        let used = Set(equal.values.map { $0.sorted() }).sorted { $0.lexicographicallyPrecedes($1) }
        return used.map { DefaultRoute(interfaces: $0, isStandby: false) }
            + standby.sorted().map { DefaultRoute(interfaces: [$0], isStandby: true) }
    }
}

extension Route {
    /// A line of `pb_routes`: `4 254 c0000200 24 100 eth0`.
    init?(recordedLine line: Substring) {
        let fields = line.split(separator: " ")
        guard fields.count == 6, let table = UInt32(fields[1]), let length = Int(fields[3]),
            let metric = UInt32(fields[4]), let address = IPAddress(hexadecimal: fields[2]),
            (0...address.bytes.count * 8).contains(length)
        else { return nil }
        self.init(
            table: table, destination: IPPrefix(address: address, length: length), interface: String(fields[5]),
            metric: metric)
    }
}
