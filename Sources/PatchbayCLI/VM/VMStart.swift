import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm start trainer-01`
struct VMStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Choose devices, hand them over, start the VM.")

    @Argument(help: "The VM.")
    var vm: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(onlyPlans: true) { (dryRun) async throws(Problem) in
            try await service.startVM(vm, dryRun: dryRun)
        }
    }
}
