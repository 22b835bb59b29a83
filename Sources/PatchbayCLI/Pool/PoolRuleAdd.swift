import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay pool rule add`
struct PoolRuleAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Add rules to a pool.")

    @Argument(help: "The pool.", completion: .names(.pool))
    var pool: String
    @Argument(help: "Rules, for example 'name=a100s vendor=10de numa=0'.")
    var rules: [String]
    @OptionGroup var tagged: RuleTagOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let change = RuleChange(service: try global.service(), pool: pool)
        try await change.run(ChangeRunner(change.service, self.change, output, global)) {
            (rules, kind) throws(Problem) in
            rules += tagged.applied(to: try RuleText.rules(self.rules, after: rules.count, for: kind))
        }
    }
}
