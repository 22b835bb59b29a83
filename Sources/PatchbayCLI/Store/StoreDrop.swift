import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay store drop claims/c-1`
struct StoreDrop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Drop a value that cannot be read, or rebuild it where it follows from others.")

    @Argument(help: "The key, as store list shows it.")
    var key: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.dropStored(key, dryRun: dryRun)
        }
    }
}
