import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay host remove atlas`
struct HostRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget a host whose agent is gone, with all that is kept of it.",
        discussion: """
            A host with claims or VMs is removed only in spite of the risk that they are still in use there:
              patchbay host remove atlas --allow host-lost --reason sold
            An agent that comes back joins anew.
            """)

    @Argument(help: "The host.")
    var host: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.removeHost(host, dryRun: dryRun)
        }
    }
}
