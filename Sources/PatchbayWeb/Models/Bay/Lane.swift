import PatchbayAPI
import PatchbayCore

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
