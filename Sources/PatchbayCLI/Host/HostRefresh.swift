import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay host refresh atlas`
struct HostRefresh: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh", abstract: "Read a host again and wait for the new inventory.",
        discussion: "Its agent reads everything now, as it does by itself after events and once an hour.")

    @Argument(help: "The host.", completion: .names(.host))
    var host: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let host = try await global.service().refreshHost(host)
        try out.show(host, name: host.name) { HostRecord.make(host, now: out.now) }
    }
}
