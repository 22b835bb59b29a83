import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm restart trainer-01`
struct VMRestart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Stop the VM and start it with what it asks for now.")

    @Argument(help: "The VM.")
    var vm: String
    @OptionGroup var power: PowerOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        let request = power.request
        try await ChangeRunner(service, change, output, global).run(onlyPlans: true) { (dryRun) async throws(Problem) in
            try await service.restartVM(vm, request, dryRun: dryRun)
        }
    }
}
