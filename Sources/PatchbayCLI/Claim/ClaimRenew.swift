import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay claim renew job-17 --lease 4h`
struct ClaimRenew: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew", abstract: "Renew the lease of claims.")

    @Argument(help: ArgumentHelp("The claims.", valueName: "claim"), completion: .names(.claim))
    var claims: [String]
    @Option(
        help: ArgumentHelp(
            "Length of the new lease from now, such as 4h; as long as the first when omitted.", valueName: "duration"))
    var lease: DurationArgument?
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let request = API.RenewRequest(leaseSeconds: lease?.seconds)
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(each: claims) {
            (claim, dryRun) async throws(Problem) in
            try await service.renewClaim(claim, request, dryRun: dryRun)
        }
    }
}
