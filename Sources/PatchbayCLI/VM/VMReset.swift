import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm reset trainer-01`
struct VMReset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Press the VM's reset button: the guest is not asked, and keeps its devices.")

    @Argument(help: "The VM.")
    var vm: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(onlyPlans: true) { (dryRun) async throws(Problem) in
            try await service.resetVM(vm, dryRun: dryRun)
        }
    }
}
