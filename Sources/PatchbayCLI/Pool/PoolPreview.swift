import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay pool preview --rule 'vendor=10de'`
struct PoolPreview: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Show which devices rules would match, without a pool.")

    @Option(
        name: .customLong("rule"), parsing: .singleValue,
        help: ArgumentHelp("A rule (repeatable).", valueName: "conditions"))
    var rules: [String]
    @OptionGroup var of: DeviceKindOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let request = API.RulePreviewRequest(rules: try RuleText.rules(rules, for: of.meant), kind: of.kind)
        let preview = try await global.service().previewRules(request)
        try out.list(preview.devices, DeviceListing.all, options: try ListOptions.parse([]))
        out.footer(CountWords.devices(preview.devices.countsByState))
        out.findings(preview.findings)
    }
}
