import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm show trainer-01`
struct VMShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a VM: its devices now and at its next start.")

    @Argument(help: "The VM.", completion: .names(.vm))
    var vm: String
    @Flag(help: "Print the hypervisor's definition (libvirt XML) instead.")
    var definition = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let service = try global.service()
        guard !definition else {
            let text = try await service.vmDefinition(vm)
            out.write(text.hasSuffix("\n") ? text : text + "\n")
            return
        }
        let vm = try await service.vm(vm)
        try out.show(vm, name: vm.name) { VMRecord.make(vm) }
    }
}
