import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay host list`
struct HostList: AsyncParsableCommand, ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List hosts with their readiness, devices by state, and agent.")
    static var choices: ListChoices { HostListing.make(now: 0).choices }

    @OptionGroup var list: ListOptions
    @OptionGroup var watch: WatchOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let service = try global.service()
        try await watch.list(service, out, HostListing.make, options: list) { () async throws(Problem) in
            try await service.hosts()
        }
    }
}
