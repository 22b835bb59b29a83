import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm start trainer-01`
struct VMStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start VMs with the devices they ask for.",
        discussion: """
            For each VM: allocates the devices, takes them from their drivers on the host, and starts it. If a step fails, all that \
            was done for the VM is undone.
            Example:  patchbay vm start trainer-02 --dry-run
            """)

    @Argument(help: ArgumentHelp("The VMs.", valueName: "vm"), completion: .names(.vm))
    var vms: [String]
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(each: vms, onlyPlans: true) {
            (vm, dryRun) async throws(Problem) in
            try await service.startVM(vm, dryRun: dryRun)
        }
    }
}
