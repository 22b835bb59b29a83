import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay host accept atlas`
struct HostAccept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Accept a new agent in place of the known one of the same name.",
        discussion: """
            For a machine that was replaced, or an agent that lost its state folder. Refused while the known agent is \
            connected.
            """)

    @Argument(help: "The host.", completion: .names(.host))
    var host: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.acceptHost(host, dryRun: dryRun)
        }
    }
}
