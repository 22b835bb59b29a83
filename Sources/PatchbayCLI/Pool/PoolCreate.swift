import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay pool create gpus --rule 'vendor=10de'`
struct PoolCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a pool.",
        discussion: "Example:  patchbay pool create gpus --rule 'name=a100s vendor=10de numa=0'")

    @Argument(help: "The pool's name: lower-case letters, digits, '-', '_' and '.'.")
    var name: String
    @OptionGroup var of: DeviceKindOption
    @OptionGroup var settings: PoolSettings
    @Option(
        name: .customLong("rule"), parsing: .singleValue,
        help: ArgumentHelp(
            "A rule: devices that meet all its conditions are in the pool (repeatable; see patchbay help filters).",
            valueName: "conditions"))
    var rules: [String] = []
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let rules = try RuleText.rules(rules, for: of.meant)
        let draft = settings.draft(name: name, kind: of.kind, rules: rules)
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            let preview = try await PoolChangePreview(of: draft, replacing: nil, service)
            return preview.added(to: try await service.createPool(draft, dryRun: dryRun))
        }
    }
}
