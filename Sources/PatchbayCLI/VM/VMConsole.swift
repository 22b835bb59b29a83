import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay vm console trainer-01`
struct VMConsole: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "The VM's serial console; ctrl-] leaves.")

    @Argument(help: "The VM.")
    var vm: String
    @Flag(help: "Print what was printed since the last start, and end.")
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
