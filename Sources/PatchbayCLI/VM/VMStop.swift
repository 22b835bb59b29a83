import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm stop trainer-01`
struct VMStop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop the VM and give its devices back.",
        discussion: """
            The guest is asked to power off. One that still runs when its time is over is left running, and the command \
            fails with exit code 1: nothing is forced without --now.
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
            try await service.stopVM(vm, request, dryRun: dryRun)
        }
    }
}
