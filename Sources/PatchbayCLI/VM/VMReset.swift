import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm reset trainer-01`
struct VMReset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Reset VMs as with a reset button; they keep their devices.")

    @Argument(help: ArgumentHelp("The VMs.", valueName: "vm"), completion: .names(.vm))
    var vms: [String]
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(each: vms, onlyPlans: true) {
            (vm, dryRun) async throws(Problem) in
            try await service.resetVM(vm, dryRun: dryRun)
        }
    }
}
