import PatchbayAPI
import PatchbayCore

/// Adds or changes a rule: conditions with operators, for one host or any, with the devices it would match beside it.
struct RuleForm: Sendable {
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
    let tags: String
    let nameHint: Hint?
    let tagsHint: Hint?
    let revision: String
    let problem: ProblemNote?
    let matches: RuleMatches
    let deleteAction: String
    /// Where the pool's revision is fetched from again; empty: whoever changes a rule has to see that another did.
    let fragment: String

    struct ConditionLine: Sendable, Hashable {
        let fields: [Choice]
        let comparisons: [Choice]
        let value: String
        let position: Int
        let lineHint: Hint?
    }

    /// - Parameters:
    ///   - trial: what it would do; nil: there is nothing to try yet.
    ///   - revision: of the pool when the form was first shown.
    init(
        pool: API.Pool, old: String?, entry: RuleEntry, hosts: [String], trial: RuleTrial? = nil,
        revision: String? = nil, problem: Problem? = nil
    ) {
        self.pool = pool.name
        self.poolHref = Link.pool(pool.name)
        self.action = old.map { Link.rule($0, of: pool.name) } ?? Link.pool(pool.name) + "/rules"
        self.isNew = old == nil
        self.rule = entry.name
        self.madeFrom = entry.madeFrom ?? ""
        self.hosts =
            [Choice("", "any host", selected: entry.host ?? "")]
            + hosts.map { Choice($0, $0, selected: entry.host) }
        self.isEnabled = entry.isEnabled
        let problems = entry.read(for: pool.kind).state.problems
        let spare = Array(repeating: API.Condition(field: "", comparison: "=", value: ""), count: Self.spareLines)
        self.lines = zip(1..., entry.lines + spare).map { position, condition in
            ConditionLine(
                condition, of: pool.kind, position: position,
                hint: Self.hint(condition, problems[.condition(position - 1)]))
        }
        self.tags = entry.tags
        self.nameHint = problems[.name].map { Hint($0) }
        self.tagsHint = problems[.tags].map { Hint($0) }
        self.revision = revision ?? String(pool.revision)
        self.problem = problem.map { ProblemNote($0) }
        self.matches = RuleMatches(trial, pool: pool.name, isEnabled: entry.isEnabled)
        self.deleteAction = old.map { Link.rule($0, of: pool.name) + "/delete" } ?? ""
        self.fragment = old == nil ? "/fragments" + Link.pool(pool.name) + "/rules" : ""
    }

    private static func hint(_ condition: API.Condition, _ problem: Problem?) -> Hint? {
        if let problem { return Hint(problem) }
        guard !condition.field.isEmpty, condition.value.trimmed.isEmpty else { return nil }
        return Hint("No value means: a device that has no \(condition.field).")
    }
}

extension RuleForm.ConditionLine {
    init(_ condition: API.Condition, of kind: DeviceKind, position: Int, hint: Hint?) {
        self.fields =
            [Choice("", "–", selected: condition.field)]
            + DeviceField.ofRules(kind).map { Choice($0.rawValue, $0.rawValue, selected: condition.field) }
        self.comparisons = Condition.Comparison.allCases.map {
            Choice($0.rawValue, "\($0.rawValue)  \(Self.words($0))", selected: condition.comparison)
        }
        self.value = condition.value
        self.position = position
        self.lineHint = hint
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
