import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay claim release job-17`
struct ClaimRelease: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "End a claim: its devices are free again, or go back to their reservation.")

    @Argument(help: "The claim.")
    var claim: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.releaseClaim(claim, dryRun: dryRun)
        }
    }
}
