import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay host list`
struct HostList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "All hosts: ready or not, devices by state, agent.")

    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let hosts = try await global.service().hosts()
        try out.list(hosts, HostListing.make(now: out.now), options: list)
    }
}
