import PatchbayAPI
import PatchbayCore

/// A host on the Bay.
struct Rack: Sendable, Hashable {
    /// More devices than this that could go to a VM, and the lanes of the host fold.
    static let foldsAbove = 24
    /// So do they when there are so many in all: a page is no list of a chipset.
    static let foldsAboveInAll = 48

    let id: String
    let name: String
    let href: String
    let isReady: Bool
    let readiness: String
    /// The agent is away: what is shown may be old.
    let isStale: Bool
    let staleText: String
    let lanes: [Lane]

    /// `devices` are those of the host, without bridges.
    init(_ host: API.Host, devices: [API.Device], now: Int) {
        self.id = "rack-\(API.Device.elementID(of: host.name))"
        self.name = host.name
        self.href = Link.host(host.name)
        self.isReady = host.readiness.isReady
        self.readiness = Self.readiness(of: host)
        self.isStale = !host.agent.isConnected
        self.staleText =
            host.agent.lastSeenAt.map { "agent away, last seen \(Moment($0, now: now).ago)" } ?? "agent never seen"
        let lendable = devices.count { $0.state != .host }
        let isFolded = lendable > Self.foldsAbove || devices.count > Self.foldsAboveInAll
        let byNode = Dictionary(grouping: devices, by: \.numaNode)
        self.lanes = byNode.keys.sorted { ($0 ?? .max) < ($1 ?? .max) }.map { node in
            Lane(host: host.name, node: node, devices: byNode[node] ?? [], isFolded: isFolded)
        }
    }

    static func readiness(of host: API.Host) -> String {
        guard host.readiness.isReady else { return "not ready" }
        let open = host.findings.filter { $0.severity > .note }.count
        return open == 0 ? "ready ✓" : "ready, \(open) to look at"
    }
}

/// The devices of a host that are near the same CPUs.
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
        self.id = "lane-\(API.Device.elementID(of: host))-\(node.map(String.init) ?? "none")"
        self.title = node.map { "NUMA \($0)" } ?? "No NUMA node"
        self.isFolded = isFolded
        self.counts = StateCount.counts(of: devices, filter: "host=\(host)")
        let byParent = Dictionary(grouping: devices.filter { $0.parent != nil }, by: { $0.parent ?? "" })
        let banked = byParent.filter { $0.value.count > Self.banksAbove }
        let inBanks = Set(banked.values.joined().map(\.id))
        self.brackets = Bracket.brackets(of: devices.filter { !inBanks.contains($0.id) })
        self.banks = banked.keys.sorted().map { Bank(host: host, parent: $0, functions: banked[$0] ?? []) }
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

/// A host in the overview of many: one square a device.
struct RackTile: Sendable, Hashable {
    let name: String
    let href: String
    let readiness: String
    let isReady: Bool
    let squares: [StateMark]
    let counts: [StateCount]

    init(_ host: API.Host, devices: [API.Device]) {
        self.name = host.name
        self.href = "/?host=\(Percent.encode(host.name))"
        self.readiness = Rack.readiness(of: host)
        self.isReady = host.readiness.isReady
        self.squares = devices.map { StateMark($0.state) }
        self.counts = StateCount.counts(of: devices, filter: "host=\(host.name)")
    }
}
