import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm delete trainer-01`
struct VMDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete stopped VMs; their disks stay.")

    @Argument(help: ArgumentHelp("The VMs.", valueName: "vm"), completion: .names(.vm))
    var vms: [String]
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(each: vms) { (vm, dryRun) async throws(Problem) in
            try await service.deleteVM(vm, dryRun: dryRun)
        }
    }
}
