import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay claim release job-17`
struct ClaimRelease: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Release claims: their devices become free, or go back to their reservation.")

    @Argument(help: ArgumentHelp("The claims.", valueName: "claim"), completion: .names(.claim))
    var claims: [String]
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(each: claims) {
            (claim, dryRun) async throws(Problem) in
            var change = try await service.releaseClaim(claim, dryRun: dryRun)
            // It waits for nothing any more.
            change.claim?.position = nil
            return change
        }
    }
}
