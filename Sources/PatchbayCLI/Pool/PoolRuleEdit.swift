import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay pool rule edit`
struct PoolRuleEdit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "edit", abstract: "Replace a rule.")

    @Argument(help: "The pool.", completion: .names(.pool))
    var pool: String
    @Argument(help: "The rule's name.")
    var rule: String
    @Argument(help: "The new rule; it keeps its name unless name= is given.")
    var conditions: String
    @OptionGroup var tagged: RuleTagOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let change = RuleChange(service: try global.service(), pool: pool)
        try await change.run(ChangeRunner(change.service, self.change, output, global)) {
            (rules, kind) throws(Problem) in
            let index = try change.index(of: rule, in: rules)
            var replacement = try RuleText.rule(conditions, number: index + 1, for: kind)
            if replacement.name == "rule-\(index + 1)" { replacement.name = rule }
            replacement.isEnabled = rules[index].isEnabled
            replacement.tags = rules[index].tags
            rules[index] = tagged.applied(to: [replacement])[0]
        }
    }
}
