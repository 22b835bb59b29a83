import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay host remove atlas`
struct HostRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove hosts whose agent is gone, with everything stored about them.",
        discussion: """
            VMs of the host may still run there. Where it has claims or VMs, accept that risk:
              patchbay host remove atlas --allow host-lost --reason sold
            An agent that comes back joins as a new host.
            """)

    @Argument(help: ArgumentHelp("The hosts.", valueName: "host"), completion: .names(.host))
    var hosts: [String]
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(each: hosts) {
            (host, dryRun) async throws(Problem) in
            try await service.removeHost(host, dryRun: dryRun)
        }
    }
}
