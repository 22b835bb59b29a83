import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay pool edit gpus --prepare eager`
struct PoolEdit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change a pool; what is not named stays.")

    @Argument(help: "The pool.")
    var pool: String
    @Option(help: "A new name.")
    var name: String?
    @OptionGroup var settings: PoolSettings
    @Option(
        name: .customLong("rule"), parsing: .singleValue,
        help: ArgumentHelp("A rule; those given replace all rules.", valueName: "conditions"))
    var rules: [String] = []
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard name != nil || !settings.isEmpty || !rules.isEmpty else {
            throw ValidationError("Say what to change: --name, --description, --class, --prepare or --rule")
        }
    }

    func run() async throws {
        let service = try global.service()
        let old = try await service.pool(pool)
        let (rules, revision) = (rules.isEmpty ? nil : try RuleText.rules(rules, for: old.kind), old.revision)
        let draft = settings.draft(name: name, rules: rules)
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.editPool(pool, draft, revision: revision, dryRun: dryRun)
        }
    }
}
