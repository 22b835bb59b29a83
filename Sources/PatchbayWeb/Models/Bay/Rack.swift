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
