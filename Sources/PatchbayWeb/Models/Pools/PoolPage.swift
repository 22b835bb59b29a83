import PatchbayAPI
import PatchbayCore

/// What matches, how much is left, who uses it, and by which rules.
struct PoolPage: Sendable {
    let id: String
    let name: String
    let description: String
    let kind: String
    let deviceClass: String
    let preparation: String
    let stickiness: String
    let free: String
    /// How many of its devices are in each state.
    let counts: [StateCount]
    let squares: [StateMark]
    let devices: [DeviceRow]
    let hasNoDevices: Bool
    let rules: [RuleLine]
    let hasNoRules: Bool
    let vms: [Anchor]
    let isUnused: Bool
    let findings: [FindingNote]
    let base: String
    let spread: Spread?
    let whatIfHref: String
    /// The list from which devices get into it.
    let listHref: String
    let revision: Int
    let settings: PoolForm
    let attach: AttachForm
    let newRule: RuleForm
    let fragment: String

    /// `spread`: nil where it cannot be told.
    init(_ pool: API.Pool, spread: Spread?, settings: PoolForm, attach: AttachForm, newRule: RuleForm) {
        let row = PoolRow(pool)
        self.id = row.id
        self.name = pool.name
        self.description = pool.description
        self.kind = row.kind
        self.deviceClass = pool.deviceClass.rawValue
        self.preparation = row.preparation
        self.stickiness = row.stickiness
        self.free = row.free
        self.counts = StateCount.counts(of: pool.devices, filter: "pool=\(pool.name)", kind: pool.kind)
        self.squares = row.squares
        self.devices = pool.devices.map { DeviceRow($0) }
        self.hasNoDevices = pool.devices.isEmpty
        self.rules = pool.rules.map { RuleLine($0, pool: pool) }
        self.hasNoRules = pool.rules.isEmpty
        self.vms = row.vms
        self.isUnused = row.vms.isEmpty
        self.findings = row.findings
        self.base = Link.pool(pool.name)
        self.spread = spread
        self.listHref = Link.devices(kind: pool.kind)
        self.whatIfHref = Link.whatIf([("show", pool.name)])
        self.revision = pool.revision
        self.settings = settings
        self.attach = attach
        self.newRule = newRule
        self.fragment = "/fragments" + Link.pool(pool.name)
    }
}
