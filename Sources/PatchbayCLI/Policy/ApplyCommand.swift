import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay apply -f policy/`
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Apply pools and profiles from files: all of them or none.",
        discussion: """
            Example:  patchbay apply -f gpus.yaml
            The format of the files:  patchbay help policy
            """)

    @OptionGroup var policy: PolicyOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let draft = try policy.draft()
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.applyPolicy(draft, dryRun: dryRun)
        }
    }
}
