import PatchbayAPI
import PatchbayCore

/// All pools and what is left in them.
struct PoolListPage: Sendable, Hashable {
    let rows: [PoolRow]
    let isEmpty: Bool

    init(_ pools: [API.Pool]) {
        self.rows = pools.map(PoolRow.init)
        self.isEmpty = pools.isEmpty
    }
}

struct PoolRow: Sendable, Hashable {
    let id: String
    let name: String
    let href: String
    let description: String
    let kind: String
    let deviceClass: String
    let preparation: String
    /// What a VM gets again; empty: what goes without saying.
    let stickiness: String
    let squares: [StateMark]
    let free: String
    let rules: String
    let vms: [Anchor]
    let findings: [FindingNote]

    init(_ pool: API.Pool) {
        self.id = "pool-\(API.Device.elementID(of: pool.name))"
        self.name = pool.name
        self.href = Link.pool(pool.name)
        self.description = pool.description
        self.kind = pool.kind.label
        self.deviceClass = pool.deviceClass.rawValue
        self.preparation = pool.kind.words(pool.preparation)
        let stickiness = pool.sticky ?? .storage
        self.stickiness = stickiness == .storage ? "" : "a VM gets again \(stickiness.words)"
        self.squares = pool.devices.prefix(48).map { StateMark($0.state) }
        let free = pool.devices.filter { $0.state == .free }.count
        self.free = "\(free) of \(pool.devices.count) free"
        self.rules = "\(pool.rules.count) rule\(pool.rules.count == 1 ? "" : "s")"
        self.vms = pool.vms.map { Anchor(text: $0, href: Link.vm($0)) }
        self.findings = pool.findings.map(FindingNote.init)
    }
}
