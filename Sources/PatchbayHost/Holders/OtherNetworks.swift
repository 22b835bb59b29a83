import CPatchbayHost
import PatchbayCore

/// A network interface in another network namespace.
struct OtherInterface: Hashable, Sendable {
    var name: String
    /// `coredns (containerd 0123456789ab)`, or `network namespace blue` where no process is in it.
    var owner: String
    /// Interfaces of the host between it and the device, outermost first: a container's macvlan stands on `eth1`.
    var names: [String] = []
    var place: DevicePlace
}

/// The interfaces of other network namespaces, which the sysfs of the host's own does not show: a virtual function in a
/// pod, a card in a router's container, a container's macvlan on a card of the host.
struct OtherNetworks {
    private(set) var interfaces: [OtherInterface] = []
    private(set) var gaps: [String] = []
    /// What `SysfsPath.recordedNetworks` holds for this host: a line for each interface with its namespace's process or
    /// name, its own name, and the bus and name of its device, with tabs between. An interface on one of the host's has `@` and
    /// its number instead.
    private(set) var text = ""

    /// A namespace that may be entered.
    private struct Space {
        /// The first process in it, or the name of what keeps it.
        var owner: String
        var path: String
    }

    init(_ tree: HostTree, _ table: ProcessTable, limits: ScanLimits, until end: Int) {
        if tree.isLive {
            ask(Self.spaces(table, tree), limits, until: end)
        } else {
            text = tree.text(SysfsPath.recordedNetworks) ?? ""
        }
        lazy var own = NetworkInterfaces(tree: tree)
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 4, !fields[2].contains("/"), !fields[3].contains("/") else { continue }
            let owner = Int(fields[0]).map { table.process($0, tree).words } ?? "network namespace \(fields[0])"
            if fields[2] == Self.onInterface {
                guard let lower = own.name(ofNumber: fields[3]) else { continue }
                interfaces += Self.devices(below: [lower], own).map {
                    OtherInterface(name: fields[1], owner: owner, names: $0.names, place: $0.place)
                }
                continue
            }
            guard let link = tree.link(SysfsPath.busDevice(fields[2], fields[3])) else { continue }
            let place = DevicePlace(link: link)
            guard !place.functions.isEmpty else { continue }
            interfaces.append(OtherInterface(name: fields[1], owner: owner, place: place))
        }
    }

    /// In the place of a bus: the number of one of the host's interfaces follows.
    private static let onInterface = "@"

    /// Down to the devices of a bond or bridge.
    private static func devices(
        below names: [String], _ interfaces: NetworkInterfaces
    ) -> [(names: [String], place: DevicePlace)] {
        guard let name = names.last, names.count < 32 else { return [] }
        let place = interfaces.place(of: name)
        if !place.functions.isEmpty { return [(names, place)] }
        return interfaces.lowerInterfaces(name).filter { !names.contains($0) }.flatMap {
            devices(below: names + [$0], interfaces)
        }
    }

    private mutating func ask(_ all: [Space], _ limits: ScanLimits, until end: Int) {
        var spaces = all
        guard !spaces.isEmpty else { return }
        if spaces.count > limits.networks {
            gaps.append("some network namespaces could not be read")
            spaces.removeLast(spaces.count - limits.networks)
        }
        var answer: UnsafeMutablePointer<CChar>?
        let milliseconds = max(0, end - Int(pb_milliseconds()))
        let count = CStrings.withPointers(spaces.map(\.path)) { paths in
            pb_networks(paths, Int32(clamping: spaces.count), Int32(clamping: milliseconds), 1 << 20, &answer)
        }
        defer { pb_free(answer) }
        guard count >= 0, let answer else {
            gaps.append("network namespaces could not be read (\(ErrorNumber.name(-count)))")
            return
        }
        let told = UnsafeRawBufferPointer(start: answer, count: count).withMemoryRebound(to: UInt8.self) {
            String(decoding: $0, as: UTF8.self)
        }
        take(told, of: spaces)
    }

    /// The lines of `pb_networks`.
    private mutating func take(_ told: String, of spaces: [Space]) {
        var isClosed = false
        // What was asked for again is told again.
        var seen: Set<Substring> = []
        let lines = told.split(separator: "\n").filter { seen.insert($0).inserted }.compactMap { line -> String? in
            let fields = line.split(separator: " ")
            guard let number = fields.first.flatMap({ Int($0) }), spaces.indices.contains(number) else { return nil }
            guard fields.count == 4 else {
                isClosed = true
                return nil
            }
            return ([spaces[number].owner] + fields.dropFirst().map(String.init)).joined(separator: "\t")
        }
        if isClosed { gaps.append("some network namespaces cannot be entered") }
        text = lines.joined(separator: "\n")
    }

    /// One process of each, and those that only a mount keeps (`ip netns add`, container engines).
    private static func spaces(_ table: ProcessTable, _ tree: HostTree) -> [Space] {
        let own = ["1", "self"].lazy.compactMap {
            tree.link("\(SysfsPath.processes)/\($0)/\(SysfsPath.networkNamespace)")
        }
        var known = Set(own.prefix(1))
        guard !known.isEmpty else { return [] }
        var spaces: [Space] = []
        for entry in table.entries {
            guard let space = entry.networkNamespace, known.insert(space).inserted else { continue }
            let path = "/\(SysfsPath.processes)/\(entry.pid)/\(SysfsPath.networkNamespace)"
            spaces.append(Space(owner: String(entry.pid), path: path))
        }
        for (space, target) in kept(in: tree) where known.insert(space).inserted {
            spaces.append(Space(owner: target.lastComponent, path: target))
        }
        return spaces
    }

    /// Mounts of `nsfs`: `… net:[4026532290] /run/netns/blue rw shared:3 - nsfs nsfs rw`.
    private static func kept(in tree: HostTree) -> [(space: String, target: String)] {
        let text = SysfsPath.mountInfo.lazy.compactMap { tree.text($0) }.first ?? ""
        guard text.contains(" - nsfs ") else { return [] }
        return text.split(separator: "\n").compactMap { line in
            guard line.contains(" - nsfs ") else { return nil }
            let fields = line.split(separator: " ")
            guard fields.count > 5, fields[3].hasPrefix("net:[") else { return nil }
            return (String(fields[3]), Mount.unescaped(fields[4]))
        }
    }
}
