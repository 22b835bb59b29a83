import CPatchbayHost
import PatchbayCore

/// The routes of a host: of all tables where that can be known, of the main tables otherwise.
struct RouteTables {
    /// Sorted by family, table, prefix length (longest first), metric.
    let routes: [Route]
    /// False: the tree holds no routing table at all, so that nothing is known about any interface.
    let isKnown: Bool
    /// The routes of every table are here, not only those of the main ones.
    let isComplete: Bool
    /// Tables of IPv4 that are not here and have a default route, where `proc/net/fib_trie` tells so much of them. Sorted.
    let hiddenDefaults: [UInt32]
    private let rules: PolicyRules

    init(_ tree: HostTree) {
        rules = PolicyRules(tree)
        if let text = Self.recordedText(in: tree) {
            routes = text.split(separator: "\n").compactMap { Route(recordedLine: $0) }.sorted(by: Self.precedes)
            isKnown = true
            isComplete = true
            hiddenDefaults = []
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
        isComplete = false
        hiddenDefaults = Self.defaults(inTrie: tree.first(of: SysfsPath.routeTries) ?? "")
    }

    /// What `SysfsPath.recordedRoutes` holds for this host: on the live one the kernel's answer for all tables, which
    /// no file below `proc` shows. nil: a tree recorded without it, or another network namespace than the host's.
    package static func recordedText(in tree: HostTree) -> String? {
        guard tree.isLive else { return tree.text(SysfsPath.recordedRoutes) }
        return NetlinkText.answer(in: tree) { pb_routes(&$0) }
    }

    /// `Id 100:` begins a table, `|-- 0.0.0.0` a destination and `/0 universe UNICAST` below it a route there. Devices are not
    /// shown.
    private static func defaults(inTrie text: String) -> [UInt32] {
        var tables: Set<UInt32> = []
        var table: UInt32?
        var isDefault = false
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if !line.hasPrefix(" ") {
                table = words.count == 2 && words[0] == "Id" ? UInt32(words[1].dropLast()) : nil
            } else if words.first == "|--" {
                isDefault = words.last == "0.0.0.0"
            } else if isDefault, words.first == "/0", words.last == "UNICAST", let table {
                tables.insert(table)
            }
        }
        return tables.sorted()
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
    func interfaces(to address: IPAddress) -> [String] { Set(ways(to: address).map(\.interface)).sorted() }

    /// The routes that `interfaces(to:)` stands on, in order.
    func ways(to address: IPAddress) -> [Route] {
        struct Table: Hashable {
            var number: UInt32
            var source: IPPrefix?
        }
        var best: [Table: (length: Int, metric: UInt32)] = [:]
        return routes.filter { route in
            guard route.destination.contains(address), rules.mayUse(route) else { return false }
            let table = Table(number: route.table, source: route.source)
            let own = (route.destination.length, route.metric)
            if let found = best[table], found != own { return false }
            best[table] = own
            return true
        }
    }

    /// A default route and the interfaces that share it: several where the kernel spreads packets over equal ways.
    struct DefaultRoute: Equatable {
        var interfaces: [String]
        /// Used only when no better one of the same table is left.
        var isStandby: Bool
    }

    /// The ways out of each table and family, the ones in use first. Nothing leaves by a table that no rule names.
    func defaults() -> [DefaultRoute] {
        struct Key: Hashable {
            var table: UInt32
            var destination: IPPrefix
            var source: IPPrefix?
        }
        var best: [Key: UInt32] = [:]
        var equal: [Key: [String]] = [:]
        var standby: Set<String> = []
        for route in routes where route.isDefault {
            let key = Key(table: route.table, destination: route.destination, source: route.source)
            if rules.mayUse(route), route.metric == best[key, default: route.metric] {
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

    /// Interfaces by which something leads further than to neighbours. Sorted, each once.
    func interfacesFurther() -> [String] {
        Set(routes.filter { ($0.isDefault || $0.hasGateway) && rules.mayUse($0) }.map(\.interface)).sorted()
    }

    /// Interfaces with a network of the host's own. Sorted, each once.
    func interfacesWithNetworks() -> [String] {
        Set(routes.filter { !$0.isDefault && !$0.destination.isLocalOnly }.map(\.interface)).sorted()
    }

    /// The interfaces by which the default routes of a table leave.
    func defaults(ofTable table: UInt32) -> [String] {
        Set(routes.filter { $0.table == table && $0.isDefault }.map(\.interface)).sorted()
    }
}
