import PatchbayCore

/// The network interfaces of a host and what they stand on: VLANs and macvlans on their lower interface, bridges on
/// their ports, bonds and teams on their members, and the same upwards.
final class NetworkInterfaces {
    /// One way down from an interface.
    struct Way: Equatable {
        /// Interfaces, outermost first.
        var names: [String]
        /// Where the last of them is plugged in; on no PCI bus: the way ends there.
        var place: DevicePlace
        /// Another working member would take over if this one went away.
        var isRedundant: Bool
    }

    let tree: HostTree
    private var links: [String: String?] = [:]
    /// What works of each master, by what leaves together.
    private var working: [String: Set<String>] = [:]
    private var uppers: [String: String?] = [:]

    init(tree: HostTree) { self.tree = tree }

    /// The kernel's name for the datapath that ports of Open vSwitch have as their master.
    static let openVSwitch = "ovs-system"

    /// All of them, sorted.
    private(set) lazy var names: [String] = tree.names(SysfsPath.netClass) ?? []

    func place(of name: String) -> DevicePlace {
        let link = links[name] ?? tree.link(SysfsPath.netInterface(name))
        links[name] = link
        return link.map { DevicePlace(link: $0) } ?? DevicePlace()
    }

    func ways(from name: String) -> [Way] { ways(from: name, passed: []) }

    private func ways(from name: String, passed: [String]) -> [Way] {
        let names = passed + [name]
        guard !passed.contains(name), names.count < 32, !name.contains("/") else { return [] }
        let place = place(of: name)
        if !place.functions.isEmpty { return [Way(names: names, place: place, isRedundant: false)] }
        let lower = lowerInterfaces(name)
        if lower.isEmpty { return switchWays(names) }
        let ways = lower.flatMap { self.ways(from: $0, passed: names) }
        return isTeam(name) ? markingRedundancy(ways, depth: names.count) : ways
    }

    /// An interface that stands on nothing may be a port of Open vSwitch itself: then its packets leave by any of the
    /// others, and only the switch's own database knows which.
    private func switchWays(_ names: [String]) -> [Way] {
        let isVirtual = links[names.last ?? ""]??.contains("/virtual/") ?? false
        guard isVirtual, names.last != "lo", !switchPorts.isEmpty else {
            return [Way(names: names, place: DevicePlace(), isRedundant: false)]
        }
        let depth = names.count + 1
        let ways = switchPorts.map { port in
            Way(names: names + [Self.openVSwitch, port], place: place(of: port), isRedundant: false)
        }
        return markingRedundancy(ways, depth: depth)
    }

    private lazy var switchPorts: [String] = {
        guard tree.exists(SysfsPath.netInterface(Self.openVSwitch)) else { return [] }
        return names.filter { master(of: $0) == Self.openVSwitch && !place(of: $0).functions.isEmpty }
    }()

    /// `lower_*` links are of Linux 3.15 and later; the others tell the same to older recordings.
    private func lowerInterfaces(_ name: String) -> [String] {
        let directory = SysfsPath.netInterface(name)
        var lower = Set((tree.names(directory) ?? []).filter { $0.hasPrefix("lower_") }.map { String($0.dropFirst(6)) })
        lower.formUnion(tree.names("\(directory)/brif") ?? [])
        lower.formUnion(tree.line("\(directory)/bonding/slaves")?.split(separator: " ").map(String.init) ?? [])
        return lower.sorted()
    }

    /// A bond has a directory of its own in sysfs; a team has none, but is all that is left with several lower ones.
    private func isTeam(_ name: String) -> Bool {
        let directory = SysfsPath.netInterface(name)
        return tree.exists("\(directory)/bonding")
            || lowerInterfaces(name).count > 1 && !tree.exists("\(directory)/bridge")
                && !tree.exists("\(directory)/brif")
    }

    func isWorking(_ name: String) -> Bool {
        let directory = SysfsPath.netInterface(name)
        if let carrier = tree.line("\(directory)/carrier") { return carrier == "1" }
        return tree.line("\(directory)/operstate") != "down"
    }

    /// The members of a switched or bonded interface that work now and are on PCI, by what leaves together with each.
    ///
    /// A member may go when another working one stays that does not go with it: an IOMMU group goes as a whole.
    private func markingRedundancy(_ ways: [Way], depth: Int) -> [Way] {
        var working: [String: Int] = [:]
        var total = 0
        for way in ways where way.names.count > depth && isWorking(way.names[depth]) && !way.place.functions.isEmpty {
            working[leavingTogether(way.place), default: 0] += 1
            total += 1
        }
        return ways.map { way in
            var marked = way
            marked.isRedundant = total > working[leavingTogether(way.place), default: 0]
            return marked
        }
    }

    private func leavingTogether(_ place: DevicePlace) -> String {
        guard let function = place.functions.last else { return "" }
        let link = tree.link("\(SysfsPath.pciDevice(function.description))/\(SysfsPath.Function.iommuGroup)")
        return link?.lastComponent ?? function.description
    }
}

extension NetworkInterfaces {
    /// What an interface is part of.
    struct Membership: Equatable {
        /// From the outermost interface down to the one asked for: `br0`, `bond0`, `eth0`.
        var names: [String]
        /// It works, and no other member of the same bond, bridge or switch does.
        var isLastWorking: Bool
    }

    func master(of name: String) -> String? {
        tree.link("\(SysfsPath.netInterface(name))/master").map(\.lastComponent)
    }

    /// nil: nothing of the host stands on it.
    func membership(of name: String) -> Membership? {
        guard let first = upper(of: name) else { return nil }
        var names = [first, name]
        while names.count < 32, let above = upper(of: names[0]), !names.contains(above) { names.insert(above, at: 0) }
        return Membership(names: names, isLastWorking: master(of: name) == first && isLastWorking(name, of: first))
    }

    /// The master comes first; VLANs and macvlans are above as `upper_*`, of which the first is told.
    private func upper(of name: String) -> String? {
        if let known = uppers[name] { return known }
        let entries = tree.names(SysfsPath.netInterface(name)) ?? []
        let upper = master(of: name) ?? entries.first { $0.hasPrefix("upper_") }.map { String($0.dropFirst(6)) }
        uppers[name] = upper
        return upper
    }

    private func isLastWorking(_ name: String, of master: String) -> Bool {
        guard isWorking(name) else { return false }
        let working = workingMembers(of: master)
        return working.count == 1 && working.contains(leavingTogether(place(of: name)))
    }

    private func workingMembers(of master: String) -> Set<String> {
        if let known = working[master] { return known }
        let members = master == Self.openVSwitch ? switchPorts : lowerInterfaces(master)
        let places = members.filter { isWorking($0) }.map { place(of: $0) }.filter { !$0.functions.isEmpty }
        let groups = Set(places.map { leavingTogether($0) })
        working[master] = groups
        return groups
    }
}
