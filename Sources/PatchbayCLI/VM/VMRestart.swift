import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm restart trainer-01`
struct VMRestart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Stop the VM and start it with what it asks for now.",
        discussion: """
            One plan: it is over when the VM runs again. Devices that the VM keeps stay its own in between. If it cannot be \
            started again it is off, the message says so, and the exit code is 8.
            """)

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
