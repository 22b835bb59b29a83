import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm restart trainer-01`
struct VMRestart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Stop VMs and start them with the devices they ask for now.",
        discussion: """
            A restart is one plan, which ends when the VM runs again. Devices that the VM keeps stay its own in between. If it \
            cannot be started again it stays off, and the exit code is 8.
            """)

    @Argument(help: ArgumentHelp("The VMs.", valueName: "vm"), completion: .names(.vm))
    var vms: [String]
    @OptionGroup var power: PowerOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        let request = power.request
        try await ChangeRunner(service, change, output, global).run(each: vms, onlyPlans: true) {
            (vm, dryRun) async throws(Problem) in
            try await service.restartVM(vm, request, dryRun: dryRun)
        }
    }
}
