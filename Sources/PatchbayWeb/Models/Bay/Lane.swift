import PatchbayAPI
import PatchbayCore

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
