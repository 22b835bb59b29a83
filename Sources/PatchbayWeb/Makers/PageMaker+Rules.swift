import PatchbayAPI
import PatchbayCore

extension PageMaker {
    func newRule(_ visit: Visit, pool name: String) async throws(Problem) -> Page {
        try await rulePage(pool: name, old: nil, rule: API.Rule(name: "", conditions: []))
    }

    func rule(_ visit: Visit, pool name: String, rule: String) async throws(Problem) -> Page {
        let found = try await existing(rule, of: name)
        return try await rulePage(pool: name, old: rule, rule: found)
    }

    private func existing(_ rule: String, of pool: String) async throws(Problem) -> API.Rule {
        let rules = try await service.pool(pool).rules
        guard let found = rules.first(where: { $0.name == rule }) else {
            throw Problem(
                .malformedRule, "Pool \(pool) has no rule \"\(rule)\".",
                next: ["Open the pool for its rules: \(Link.pool(pool))"])
        }
        return found
    }

    private func rulePage(
        pool name: String, old: String?, rule: API.Rule, revision: String? = nil, problem: Problem? = nil
    ) async throws(Problem) -> Page {
        let pool = try await service.pool(name)
        var matches: API.RulePreview?
        var trouble = problem
        if !rule.conditions.isEmpty {
            var tried = rule
            if tried.name.isEmpty { tried.name = "preview" }
            tried.isEnabled = true
            do throws(Problem) {
                matches = try await service.previewRules(API.RulePreviewRequest(rules: [tried]))
            } catch {
                trouble = trouble ?? error
            }
        }
        let model = RuleForm(
            pool: pool, old: old, rule: rule, hosts: try await service.hosts().map(\.name), preview: matches,
            revision: revision, problem: trouble)
        return Page(
            title: old.map { "Rule \($0)" } ?? "New rule", section: .pools, template: "page-rule", model: model,
            problem: trouble)
    }

    /// Adds a rule, or changes the one called `old`; `do=preview` only shows what it would match.
    func saveRule(_ visit: Visit, _ fields: FormFields, pool name: String, old: String?) async throws(Problem)
        -> FormAnswer
    {
        let form: @Sendable (Problem?) async throws(Problem) -> Page = { [self] problem async throws(Problem) in
            try await rulePage(
                pool: name, old: old, rule: RuleForm.draft(of: fields), revision: fields.raw("revision"),
                problem: problem)
        }
        guard fields["do"] != "preview" else { return .page(try await form(nil)) }
        let rule: API.Rule
        do throws(Problem) {
            rule = try RuleForm.rule(of: fields)
        } catch {
            return .page(try await form(error))
        }
        var rules = try await service.pool(name).rules
        if let old, let index = rules.firstIndex(where: { $0.name == old }) {
            let tags = rules[index].tags
            rules[index] = rule
            // The form does not show them, so it must not take them away.
            rules[index].tags = tags
        } else {
            rules.append(rule)
        }
        let title = old == nil ? "Add rule \(rule.name) to \(name)" : "Change rule \(rule.name) of \(name)"
        return .change(
            try change(
                of: name, title, API.PoolDraft(rules: rules), fields,
                form: { problem async throws(Problem) in try await form(problem) }))
    }

    /// `keep` makes the new list of rules out of the old one.
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
        return .change(try change(of: name, title, API.PoolDraft(rules: rules), fields))
    }

    func deleteRule(_ visit: Visit, _ fields: FormFields, pool name: String, rule: String) async throws(Problem)
        -> FormAnswer
    {
        _ = try await existing(rule, of: name)
        let rules = try await service.pool(name).rules.filter { $0.name != rule }
        return .change(try change(of: name, "Delete rule \(rule) of \(name)", API.PoolDraft(rules: rules), fields))
    }
}
