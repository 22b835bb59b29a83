import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm console trainer-01`
struct VMConsole: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Connect to the VM's serial console; ctrl-] leaves.")

    @Argument(help: "The VM.", completion: .names(.vm))
    var vm: String
    @Flag(help: "Print the console's output since the last start, and exit.")
    var log = false
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: .table)
        let service = try global.service()
        guard !log else {
            out.write(bytes: try await service.consoleLog(vm))
            return
        }
        let console = try await service.openConsole(vm)
        out.talk("Connected to \(vm). Leave with ctrl-]")
        try await ConsoleSession(console: console, out: out).run()
    }
}
