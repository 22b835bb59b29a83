import PatchbayCore

/// The network interfaces of a host as sysfs shows them: where each is plugged in, what is below and above it, whether it
/// works. `WaysOut` follows them down to hardware.
final class NetworkInterfaces {
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

    func place(of name: String) -> DevicePlace { link(of: name).map { DevicePlace(link: $0) } ?? DevicePlace() }

    /// It is a device of its own, on PCI or elsewhere. nil: there is no such interface in the tree.
    func isHardware(_ name: String) -> Bool? { link(of: name).map { !$0.contains("/virtual/") } }

    private func link(of name: String) -> String? {
        if let known = links[name] { return known }
        // A name from a file is not yet one of an interface.
        guard !name.contains("/") else { return nil }
        let link = tree.link(SysfsPath.netInterface(name))
        links[name] = link
        return link
    }

    /// `lower_*` links are of Linux 3.15 and later; the others tell the same to older recordings, and last the name that
    /// VLANs have by custom (`eth0.7`).
    func lowerInterfaces(_ name: String) -> [String] {
        let directory = SysfsPath.netInterface(name)
        var lower = Set((tree.names(directory) ?? []).filter { $0.hasPrefix("lower_") }.map { String($0.dropFirst(6)) })
        lower.formUnion(tree.names("\(directory)/brif") ?? [])
        lower.formUnion(tree.line("\(directory)/bonding/slaves")?.split(separator: " ").map(String.init) ?? [])
        if lower.isEmpty { lower.formUnion(members[name] ?? []) }
        if lower.isEmpty, let base = vlans[name] ?? basedOnName(name) { lower.insert(base) }
        return lower.sorted()
    }

    /// By master, for trees that have the links of the members only.
    private lazy var members: [String: [String]] = {
        var members: [String: [String]] = [:]
        for name in names {
            if let master = master(of: name), master != Self.openVSwitch { members[master, default: []].append(name) }
        }
        return members
    }()

    /// `eth0.7 | 7 | eth0`: the interface of each VLAN of the kernel.
    private lazy var vlans: [String: String] = {
        let rows = (tree.first(of: SysfsPath.vlans) ?? "").split(separator: "\n").map { $0.split(separator: "|") }
        let pairs = rows.filter { $0.count == 3 }.map { row in
            (String(row[0].trimmingBlanks), String(row[2].trimmingBlanks))
        }
        return Dictionary(pairs) { first, _ in first }
    }()

    private func basedOnName(_ name: String) -> String? {
        guard let dot = name.lastIndex(of: "."), let number = Int(name[name.index(after: dot)...]),
            (1...4094).contains(number)
        else { return nil }
        let base = String(name[..<dot])
        return link(of: base) == nil ? nil : base
    }

    func isBridge(_ name: String) -> Bool {
        let directory = SysfsPath.netInterface(name)
        return tree.exists("\(directory)/bridge") || tree.exists("\(directory)/brif")
    }

    func isBond(_ name: String) -> Bool { tree.exists("\(SysfsPath.netInterface(name))/bonding") }

    /// The interfaces that Open vSwitch has in the kernel, sorted.
    private(set) lazy var switchPorts: [String] = {
        guard tree.exists(SysfsPath.netInterface(Self.openVSwitch)) else { return [] }
        return names.filter { master(of: $0) == Self.openVSwitch }
    }()

    func isWorking(_ name: String) -> Bool {
        let directory = SysfsPath.netInterface(name)
        if let carrier = tree.line("\(directory)/carrier") { return carrier == "1" }
        return tree.line("\(directory)/operstate") != "down"
    }

    /// IFF_UP: somebody wants it to work.
    func isUp(_ name: String) -> Bool { flags(of: name) & 0x1 != 0 }

    /// IFF_PROMISC: packets for others, too, as a port of a bridge or since a program listens.
    func takesAllPackets(_ name: String) -> Bool { flags(of: name) & 0x100 != 0 }

    /// 0: not told.
    private func flags(of name: String) -> UInt32 {
        let text = tree.line("\(SysfsPath.netInterface(name))/\(SysfsPath.Interface.flags)")
        return text.flatMap { UInt32($0.dropFirst(2), radix: 16) } ?? 0
    }

    /// The interface that this one names by number as the one below, or as the other end of a pair.
    func linked(to name: String) -> Linked {
        let directory = SysfsPath.netInterface(name)
        guard let number = tree.line("\(directory)/\(SysfsPath.Interface.linkNumber)"), number != "0",
            let own = tree.line("\(directory)/\(SysfsPath.Interface.number)"), number != own
        else { return .none }
        return namesByNumber[number].map { .interface($0) } ?? .elsewhere
    }

    enum Linked: Equatable {
        case none
        case interface(String)
        /// It is in another network namespace.
        case elsewhere
    }

    func name(ofNumber number: String) -> String? { namesByNumber[number] }

    private lazy var namesByNumber: [String: String] = {
        let pairs = names.compactMap { name in
            tree.line("\(SysfsPath.netInterface(name))/\(SysfsPath.Interface.number)").map { ($0, name) }
        }
        return Dictionary(pairs) { first, _ in first }
    }()

    /// Devices with this hardware address, `02:00:00:ab:cd:01`. A member of a bond has the bond's, and keeps its own beside it.
    func devices(withAddress address: String) -> [String] {
        names.filter { name in
            guard isHardware(name) == true else { return false }
            let directory = SysfsPath.netInterface(name)
            let own =
                tree.line("\(directory)/\(SysfsPath.Interface.permanentAddress)")
                ?? tree.line("\(directory)/\(SysfsPath.Interface.address)")
            return own?.lowercased() == address
        }
    }

    /// An IOMMU group goes as a whole: what is in one leaves together.
    func leavingTogether(_ place: DevicePlace) -> String {
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
