import PatchbayAPI
import PatchbayCore

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
