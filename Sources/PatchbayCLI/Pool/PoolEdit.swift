import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay pool edit gpus --prepare eager`
struct PoolEdit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change a pool; settings that are not given stay as they are.")

    @Argument(help: "The pool.", completion: .names(.pool))
    var pool: String
    @Option(help: ArgumentHelp("Refused: VMs ask for the pool by its name.", visibility: .hidden))
    var name: String?
    @OptionGroup var settings: PoolSettings
    @Option(
        name: .customLong("rule"), parsing: .singleValue,
        help: ArgumentHelp("A rule (repeatable); those given replace all rules of the pool.", valueName: "conditions"))
    var rules: [String] = []
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard name != nil || !settings.isEmpty || !rules.isEmpty else {
            throw ValidationError(
                "Name what to change: --description, --class, --prepare, --sticky, --guest-reset or --rule")
        }
    }

    func run() async throws {
        let service = try global.service()
        let old = try await service.pool(pool)
        let rules = rules.isEmpty ? nil : try RuleText.rules(rules, for: old.kind)
        let draft = settings.draft(name: name, rules: rules)
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.edit(old, draft, dryRun: dryRun)
        }
    }
}
