import PatchbayAPI
import PatchbayCore
import PatchbayText

extension PageMaker {
    func newRule(_ visit: Visit, pool name: String) async throws(Problem) -> Page {
        try await rulePage(pool: name, old: nil, entry: .blank)
    }

    func rule(_ visit: Visit, pool name: String, rule: String) async throws(Problem) -> Page {
        let found = try await existing(rule, of: name)
        return try await rulePage(pool: name, old: rule, entry: RuleEntry(found))
    }

    private func existing(_ rule: String, of pool: String) async throws(Problem) -> API.Rule {
        let rules = try await service.pool(pool).rules
        guard let found = rules.first(where: { $0.name == rule }) else {
            throw Problem(
                .malformedRule, "Pool \(pool) has no rule \"\(rule)\".",
                next: ["See the rules of the pool: \(Link.pool(pool))"])
        }
        return found
    }

    private func rulePage(
        pool name: String, old: String?, entry: RuleEntry, revision: String? = nil, problem: Problem? = nil
    ) async throws(Problem) -> Page {
        let pool = try await service.pool(name)
        let model = RuleForm(
            pool: pool, old: old, entry: entry, hosts: try await service.hosts().map(\.name),
            trial: await trial(of: entry, insteadOf: old, in: pool), revision: revision, problem: problem)
        return Page(
            title: old.map { "Rule \($0)" } ?? "New rule", section: .pools, template: "page-rule", model: model,
            problem: problem)
    }

    /// What the rule would do if it were saved now; nil: it says nothing yet.
    private func trial(of entry: RuleEntry, insteadOf old: String?, in pool: API.Pool) async -> RuleTrial? {
        let (rule, state) = entry.read(for: pool.kind)
        guard !rule.conditions.isEmpty || !state.problems.isEmpty else { return nil }
        var trial = RuleTrial(before: pool.devices, after: pool.devices, isUnfinished: !state.problems.isEmpty)
        do throws(Problem) {
            var alone = rule
            alone.isEnabled = true
            trial.matching = try await service.previewRules(API.RulePreviewRequest(rules: [alone], kind: pool.kind))
                .devices
            let rules = Self.rules(of: pool, with: rule, insteadOf: old)
            let whole = try await service.previewRules(API.RulePreviewRequest(rules: rules, kind: pool.kind))
            trial.after = whole.devices
            let change = try await service.editPool(
                pool.name, API.PoolDraft(rules: rules), revision: nil, dryRun: true)
            // That nothing matches is in the heading.
            trial.findings = whole.findings.filter { $0.code != "pool-empty" } + change.findings
        } catch {
            trial.problem = error
        }
        return trial
    }

    private static func rules(of pool: API.Pool, with rule: API.Rule, insteadOf old: String?) -> [API.Rule] {
        var rules = pool.rules
        if let old, let index = rules.firstIndex(where: { $0.name == old }) {
            rules[index] = rule
        } else {
            rules.append(rule)
        }
        return rules
    }

    /// Adds a rule, or changes the one called `old`; `do=preview` only shows what it would match.
    func saveRule(_ visit: Visit, _ fields: FormFields, pool name: String, old: String?) async throws(Problem)
        -> FormAnswer
    {
        let entry = RuleEntry(fields)
        let form: @Sendable (Problem?) async throws(Problem) -> Page = { [self] problem async throws(Problem) in
            try await rulePage(
                pool: name, old: old, entry: entry, revision: fields.raw("revision"), problem: problem)
        }
        guard fields["do"] != "preview" else { return .page(try await form(nil)) }
        let pool = try await service.pool(name)
        let rule: API.Rule
        do throws(Problem) {
            rule = try entry.rule(for: pool.kind)
        } catch {
            return .page(try await form(error))
        }
        let rules = Self.rules(of: pool, with: rule, insteadOf: old)
        let title = old == nil ? "Add rule \(rule.name) to \(name)" : "Change rule \(rule.name) of \(name)"
        return .change(
            try await change(
                of: name, title, API.PoolDraft(rules: rules), fields, line: Self.line(for: rule, of: pool, old: old),
                verb: "Save rule",
                form: { problem async throws(Problem) in try await form(problem) }))
    }

    /// The same from a shell: for a rule that is new, which keeps no device that it was made from.
    private static func line(for rule: API.Rule, of pool: API.Pool, old: String?) -> ShellLine? {
        guard old == nil, rule.madeFrom == nil, let text = rule.text(for: pool.kind, isNamed: true) else { return nil }
        return ShellLine("pool", "rule", "add", pool.name, text)
    }

    /// Disabled where it is enabled, and the other way round.
    func toggleRule(_ visit: Visit, _ fields: FormFields, pool name: String, rule: String) async throws(Problem)
        -> FormAnswer
    {
        let old = try await existing(rule, of: name)
        let rules = try await service.pool(name).rules.map { candidate in
            var changed = candidate
            if candidate.name == rule { changed.isEnabled.toggle() }
            return changed
        }
        let title = "\(old.isEnabled ? "Disable" : "Enable") rule \(rule) of \(name)"
        let line = ShellLine("pool", "rule", old.isEnabled ? "disable" : "enable", name, rule)
        return .change(
            try await change(
                of: name, title, API.PoolDraft(rules: rules), fields, line: line,
                verb: "\(old.isEnabled ? "Disable" : "Enable") rule"))
    }

    func deleteRule(_ visit: Visit, _ fields: FormFields, pool name: String, rule: String) async throws(Problem)
        -> FormAnswer
    {
        _ = try await existing(rule, of: name)
        let rules = try await service.pool(name).rules.filter { $0.name != rule }
        return .change(
            try await change(
                of: name, "Delete rule \(rule) of \(name)", API.PoolDraft(rules: rules), fields,
                line: ShellLine("pool", "rule", "remove", name, rule), verb: "Delete rule", isDeletion: true))
    }
}

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
