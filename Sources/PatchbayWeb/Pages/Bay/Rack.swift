import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// A host on the Bay.
struct Rack: Sendable, Hashable {
    /// More devices than this that could go to a VM, and the lanes of the host fold.
    static let foldsAbove = 24
    /// So do they when there are so many in all: a page is no list of a chipset.
    static let foldsAboveInAll = 48

    let id: String
    let name: String
    let href: String
    let readiness: ReadinessMark
    /// The agent is away: what is shown may be old.
    let isStale: Bool
    let staleText: String
    let lanes: [Lane]

    /// `devices` are those of the host, without bridges.
    init(_ host: API.Host, devices: [API.Device], now: Int) {
        self.id = "rack-\(API.Device.elementID(of: host.name))"
        self.name = host.name
        self.href = Link.host(host.name)
        self.readiness = ReadinessMark(host)
        self.isStale = !host.agent.isConnected
        self.staleText =
            host.agent.lastSeenAt.map { "agent offline, last seen \(Moment($0, now: now).ago)" } ?? "agent never seen"
        let lendable = devices.count { $0.state != .host }
        let isFolded = lendable > Self.foldsAbove || devices.count > Self.foldsAboveInAll
        let byKind = Dictionary(grouping: devices, by: \.kind)
        let byNode = Dictionary(grouping: byKind[.pci] ?? [], by: \.numaNode)
        let nodes = byNode.keys.sorted { ($0 ?? .max) < ($1 ?? .max) }.map { node in
            Lane(host: host.name, node: node, devices: byNode[node] ?? [], isFolded: isFolded)
        }
        let others = DeviceKind.allCases.filter { $0 != .pci && byKind[$0] != nil }.map { kind in
            Lane(host: host.name, kind: kind, devices: byKind[kind] ?? [], isFolded: isFolded)
        }
        self.lanes = nodes + others
    }
}

/// The functions of a host that are near the same CPUs, or its devices of another kind.
struct Lane: Sendable, Hashable {
    /// More virtual functions of one card than this fold into a bank.
    static let banksAbove = 3

    let id: String
    let title: String
    let isFolded: Bool
    let counts: [StateCount]
    let brackets: [Bracket]
    let banks: [Bank]

    init(host: String, node: Int?, devices: [API.Device], isFolded: Bool) {
        self.init(
            "\(host)-\(node.map(String.init) ?? "none")", title: node.map { "NUMA \($0)" } ?? "No NUMA node", devices,
            isFolded: isFolded)
    }

    init(host: String, kind: DeviceKind, devices: [API.Device], isFolded: Bool) {
        self.init("\(host)-\(kind.rawValue)", title: kind.label, devices, isFolded: isFolded)
    }

    private init(_ name: String, title: String, _ devices: [API.Device], isFolded: Bool) {
        self.id = "lane-\(API.Device.elementID(of: name))"
        self.title = title
        self.isFolded = isFolded
        self.counts = StateCount.counts(of: devices)
        let byParent = Dictionary(
            grouping: devices.filter { $0.kind == .pci && $0.parent != nil }, by: { $0.parent ?? "" })
        let banked = byParent.filter { $0.value.count > Self.banksAbove }
        let inBanks = Set(banked.values.joined().map(\.id))
        self.brackets = Bracket.brackets(of: devices.filter { !inBanks.contains($0.id) })
        self.banks = banked.keys.sorted().map { Bank(host: devices[0].host, parent: $0, functions: banked[$0] ?? []) }
    }
}

/// The virtual functions of one card, folded: `E810 VFs ▮▮▯▯▯▯▯▯ 2/8`.
struct Bank: Sendable, Hashable {
    let id: String
    let title: String
    let parent: String
    let meter: String
    let used: String
    let brackets: [Bracket]

    init(host: String, parent: String, functions: [API.Device]) {
        self.id = "bank-\(API.Device.elementID(of: "\(host)-\(parent)"))"
        self.title = "\(functions.first?.briefName ?? "Virtual functions") × \(functions.count)"
        self.parent = parent
        let taken = functions.filter { $0.state == .attached || $0.state == .allocated }.count
        self.meter =
            functions.count > 32
            ? ""
            : String(repeating: "▮", count: taken) + String(repeating: "▯", count: functions.count - taken)
        self.used = "\(taken)/\(functions.count)"
        self.brackets = Bracket.brackets(of: functions)
    }
}

/// The functions of one IOMMU group, in the bracket that shows that they go together.
struct Bracket: Sendable, Hashable {
    let number: String
    let label: String
    let jacks: [Jack]

    /// `devices` are of one group, or one device without a group.
    init(group: Int?, devices: [API.Device]) {
        let hasGroups = devices.contains { $0.kind.needsIOMMU }
        self.number = group.map(String.init) ?? (hasGroups ? "–" : "")
        self.jacks = devices.map(Jack.init)
        guard let group else {
            self.label = hasGroups ? "no IOMMU group" : "goes alone"
            return
        }
        self.label =
            devices.count > 1
            ? "IOMMU group \(group): \(devices.count) devices, lent together" : "IOMMU group \(group)"
    }

    /// In the order of the first address of each group.
    static func brackets(of devices: [API.Device]) -> [Bracket] {
        var order: [Int?] = []
        var byGroup: [Int?: [API.Device]] = [:]
        var alone: [Bracket] = []
        for device in devices {
            guard let group = device.iommuGroup else {
                alone.append(Bracket(group: nil, devices: [device]))
                continue
            }
            if byGroup[group] == nil { order.append(group) }
            byGroup[group, default: []].append(device)
        }
        return order.map { Bracket(group: $0, devices: byGroup[$0] ?? []) } + alone
    }
}

/// A device on the Bay: where a cable starts.
struct Jack: Sendable, Hashable {
    /// How a cable is drawn, where there is one.
    enum Cable: String, Sendable { case none, attached, allocated }

    let id: String
    let device: String
    let name: String
    let address: String
    let mark: StateMark
    let spokenName: String
    /// Devices of one unit light up together.
    let unit: String
    let href: String
    /// The VM at the other end, and the kind of cable: `attached`, `allocated`, or empty.
    let plug: String
    let cable: String
    let plugText: String
    let colour: String
    /// Why it cannot be given away; empty where the state says enough.
    let obstacle: String
    /// Host and blocked devices stand back, so that free ones stand out.
    let isMuted: Bool
    /// A free one can be connected, one that is attached to a VM pulled out.
    let move: String

    init(_ device: API.Device) {
        self.id = "jack-\(device.elementID)"
        self.device = device.id
        self.name = device.briefName
        self.address = device.address
        self.mark = StateMark(device.state)
        self.spokenName = device.spokenName
        self.unit = device.iommuGroup.map { "\(device.host)-\($0)" } ?? device.id
        self.href = Link.device(device)
        let cable = Self.cable(of: device)
        self.cable = cable == .none ? "" : cable.rawValue
        self.plug = cable == .none ? "" : device.vm ?? ""
        self.colour = device.vm.map(VMColour.css) ?? ""
        self.plugText =
            switch cable {
            case .none: ""
            case .attached: "attached to \(device.holder ?? "")"
            case .allocated: "held for \(device.holder ?? "")"
            }
        switch device.state {
        case .free: (self.obstacle, self.isMuted, self.move) = ("", false, "connect")
        case .attached: (self.obstacle, self.isMuted, self.move) = ("", false, device.vm == nil ? "" : "pull")
        case .allocated: (self.obstacle, self.isMuted, self.move) = ("", false, "")
        case .host: (self.obstacle, self.isMuted, self.move) = ("", true, "")
        case .blocked, .missing, .quarantined: (self.obstacle, self.isMuted, self.move) = (device.reason, true, "")
        }
    }

    private static func cable(of device: API.Device) -> Cable {
        guard device.holder != nil else { return .none }
        return switch device.state {
        case .attached: .attached
        case .allocated, .missing: .allocated
        case .free, .host, .blocked, .quarantined: .none
        }
    }
}
