import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay pool delete gpus`
struct PoolDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete pools that no VM asks for.")

    @Argument(help: ArgumentHelp("The pools.", valueName: "pool"), completion: .names(.pool))
    var pools: [String]
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(each: pools) {
            (pool, dryRun) async throws(Problem) in
            try await service.deletePool(pool, dryRun: dryRun)
        }
    }
}
