import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay claim renew job-17 --lease 4h`
struct ClaimRenew: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew", abstract: "Renew a claim's lease.")

    @Argument(help: "The claim.")
    var claim: String
    @Option(help: ArgumentHelp("How long from now, as 4h; as long as at first when left out.", valueName: "duration"))
    var lease: DurationArgument?
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let request = API.RenewRequest(leaseSeconds: lease?.seconds)
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.renewClaim(claim, request, dryRun: dryRun)
        }
    }
}
