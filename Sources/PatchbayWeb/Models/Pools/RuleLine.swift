import PatchbayAPI
import PatchbayCore

/// A rule of a pool in the list.
struct RuleLine: Sendable, Hashable {
    let rule: String
    let href: String
    let host: String
    let isEnabled: Bool
    let conditions: [String]
    /// What its devices have in the pool: `physical_network=lan`.
    let tags: [String]
    let madeFrom: Anchor?
    let isWithoutCondition: Bool
    let toggleWord: String

    init(_ rule: API.Rule, pool: API.Pool) {
        self.rule = rule.name
        self.href = Link.rule(rule.name, of: pool.name)
        self.host = rule.host ?? "any host"
        self.isEnabled = rule.isEnabled
        self.conditions = rule.conditions.map { "\($0.field) \($0.comparison) \($0.value)" }
        self.tags = (rule.tags ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        self.madeFrom = rule.madeFrom.map { Anchor(text: $0, href: Link.device(id: $0)) }
        self.isWithoutCondition = rule.conditions.isEmpty
        self.toggleWord = rule.isEnabled ? "Disable" : "Enable"
    }
}
