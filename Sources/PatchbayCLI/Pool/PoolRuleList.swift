import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay pool rule list gpus`
struct PoolRuleList: AsyncParsableCommand, ListCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the rules of a pool.")
    static var choices: ListChoices { listing("").choices }

    @Argument(help: "The pool.", completion: .names(.pool))
    var pool: String
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        try out.list(try await global.service().pool(pool).rules, Self.listing(pool), options: list)
    }

    private static func listing(_ pool: String) -> Listing<API.Rule> {
        Listing(
            columns: [
                Column("rule") { Cell($0.name) },
                Column("host") { Cell($0.host ?? "all") },
                Column("enabled", values: ["yes", "no"]) { Cell($0.isEnabled ? "yes" : "no") },
                Column("conditions", shrinks: true) { Cell(RuleText.conditions($0)) },
                Column("tags", isWide: true, shrinks: true) { Cell(RuleText.tags($0)) },
                Column("from") { Cell($0.madeFrom) },
            ],
            mark: { $0.isEnabled ? .on : .off },
            name: { $0.name },
            empty: ["No rules: the pool matches nothing.", "next  patchbay pool rule add \(pool) 'vendor=10de'"])
    }
}
