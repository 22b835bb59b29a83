import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay pool rule`
struct PoolRuleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rule", abstract: "Show and change the rules of a pool.",
        subcommands: [
            PoolRuleList.self, PoolRuleAdd.self, PoolRuleEdit.self, PoolRuleRemove.self, PoolRuleEnable.self,
            PoolRuleDisable.self,
        ])
}

/// Reads a pool's rules, changes them, and writes them back unless somebody else did meanwhile.
struct RuleChange {
    let service: any PatchbayService
    let pool: String

    func run(
        _ runner: ChangeRunner, _ edit: (inout [API.Rule], DeviceKind) throws(Problem) -> Void
    ) async throws {
        let current = try await service.pool(pool)
        var rules = current.rules
        try edit(&rules, current.kind)
        let draft = API.PoolDraft(rules: rules)
        try await runner.run { (dryRun) async throws(Problem) in
            try await service.edit(current, draft, dryRun: dryRun)
        }
    }

    /// Where the rule of that name is. Throws `.malformedRule`.
    func index(of name: String, in rules: [API.Rule]) throws(Problem) -> Int {
        guard let index = rules.firstIndex(where: { $0.name == name }) else {
            throw Problem(
                .malformedRule, "Pool \(pool) has no rule \"\(name)\".",
                evidence: rules.map(RuleText.line),
                next: Spelling.hint(for: name, among: rules.map(\.name)) + [
                    "List them:  patchbay pool rule list \(pool)"
                ])
        }
        return index
    }
}
