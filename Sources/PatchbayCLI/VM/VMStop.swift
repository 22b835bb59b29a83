import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm stop trainer-01`
struct VMStop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop VMs and give their devices back.",
        discussion: """
            The guest is asked to power off. If it still runs when its time is over, it is left running and the command \
            exits with 1: nothing is forced without --now.
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
            try await service.stopVM(vm, request, dryRun: dryRun)
        }
    }
}
