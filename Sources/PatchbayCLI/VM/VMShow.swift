import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm show trainer-01`
struct VMShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One VM: what it holds now and at its next start.")

    @Argument(help: "The VM.")
    var vm: String
    @Flag(help: "The hypervisor's definition instead (libvirt XML).")
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
