import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// `patchbay vm explain trainer-01`
struct VMExplain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show which devices a VM would get at its next start, or why it cannot start."
    )

    @Argument(help: "The VM.", completion: .names(.vm))
    var vm: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let service = try global.service()
        let vm = try await service.vm(vm)
        let wants = vm.requests.map(\.asked).joined(separator: ", ")
        try out.explain(try await service.explainVM(vm.name), title: [vm.name, wants])
    }
}
