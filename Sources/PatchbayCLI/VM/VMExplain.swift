import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm explain trainer-01`
struct VMExplain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "What a VM would be given at its next start and why, or what it lacks.")

    @Argument(help: "The VM.")
    var vm: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let service = try global.service()
        let vm = try await service.vm(vm)
        let wants = vm.requests.map { VMRecord.words($0) }.joined(separator: ", ")
        try out.explain(try await service.explainVM(vm.name), title: [vm.name, wants])
    }
}
