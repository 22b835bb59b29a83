import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay pool rule enable`
struct PoolRuleEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Enable a rule.")

    @Argument(help: "The pool.", completion: .names(.pool))
    var pool: String
    @Argument(help: "The rule's name.")
    var rule: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let change = RuleChange(service: try global.service(), pool: pool)
        try await change.run(ChangeRunner(change.service, self.change, output, global)) { (rules, _) throws(Problem) in
            rules[try change.index(of: rule, in: rules)].isEnabled = true
        }
    }
}
