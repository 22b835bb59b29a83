import PatchbayAPI
import PatchbayCore

/// Adds or changes a rule: conditions with operators, for one host or any, with the devices it would match.
struct RuleForm: Sendable, Hashable {
    static let spareLines = 2

    let pool: String
    let poolHref: String
    let action: String
    let isNew: Bool
    let rule: String
    let madeFrom: String
    let hosts: [Choice]
    let isEnabled: Bool
    let lines: [ConditionLine]
    let revision: String
    let problem: ProblemNote?
    let preview: RuleMatches?
    let deleteAction: String

    struct ConditionLine: Sendable, Hashable {
        let fields: [Choice]
        let comparisons: [Choice]
        let value: String
        let position: Int
    }

    init(
        pool: API.Pool, old: String?, rule: API.Rule, hosts: [String], preview: API.RulePreview? = nil,
        revision: String? = nil, problem: Problem? = nil
    ) {
        self.pool = pool.name
        self.poolHref = Link.pool(pool.name)
        self.action = old.map { Link.rule($0, of: pool.name) } ?? Link.pool(pool.name) + "/rules"
        self.isNew = old == nil
        self.rule = rule.name
        self.madeFrom = rule.madeFrom ?? ""
        self.hosts =
            [Choice("", "any host", selected: rule.host ?? "")]
            + hosts.map { Choice($0, $0, selected: rule.host) }
        self.isEnabled = rule.isEnabled
        let spare = Array(repeating: API.Condition(field: "", comparison: "=", value: ""), count: Self.spareLines)
        self.lines = zip(1..., rule.conditions + spare).map { position, condition in
            ConditionLine(
                fields: [Choice("", "–", selected: condition.field)]
                    + DeviceField.ofRules.map { Choice($0.rawValue, $0.rawValue, selected: condition.field) },
                comparisons: Condition.Comparison.allCases.map {
                    Choice($0.rawValue, "\($0.rawValue)  \(Self.words($0))", selected: condition.comparison)
                },
                value: condition.value, position: position)
        }
        self.revision = revision ?? String(pool.revision)
        self.problem = problem.map { ProblemNote($0) }
        self.preview = preview.map { RuleMatches($0, isEnabled: rule.isEnabled) }
        self.deleteAction = old.map { Link.rule($0, of: pool.name) + "/delete" } ?? ""
    }

    /// What the fields of the form say. Lines without a field are left out.
    static func rule(of fields: FormFields) throws(Problem) -> API.Rule {
        API.Rule(
            name: try fields.required("rule", "The name of the rule"), host: fields["host"],
            isEnabled: fields["enabled"] != nil, conditions: conditions(of: fields), madeFrom: fields["madeFrom"])
    }

    /// The same for showing it again, whatever is missing.
    static func draft(of fields: FormFields) -> API.Rule {
        API.Rule(
            name: fields.raw("rule") ?? "", host: fields["host"], isEnabled: fields["enabled"] != nil,
            conditions: conditions(of: fields), madeFrom: fields["madeFrom"])
    }

    private static func conditions(of fields: FormFields) -> [API.Condition] {
        let names = fields.all("field")
        let comparisons = fields.all("comparison")
        let values = fields.all("value")
        return names.indices.compactMap { index in
            guard !names[index].isEmpty, comparisons.indices.contains(index), values.indices.contains(index) else {
                return nil
            }
            return API.Condition(field: names[index], comparison: comparisons[index], value: values[index].trimmed)
        }
    }

    private static func words(_ comparison: Condition.Comparison) -> String {
        switch comparison {
        case .equal: "equals"
        case .notEqual: "does not equal"
        case .less: "less than"
        case .lessOrEqual: "at most"
        case .greater: "greater than"
        case .greaterOrEqual: "at least"
        case .begins: "begins with"
        case .ends: "ends with"
        case .contains: "contains"
        case .containsAnyCase: "contains, any case"
        case .matches: "matches (regular expression)"
        }
    }
}
