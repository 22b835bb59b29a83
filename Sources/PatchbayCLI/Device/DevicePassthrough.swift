import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay device passthrough 41:00.0 --pool gpus`
struct DevicePassthrough: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passthrough", abstract: "Make devices available to VMs: a rule for each, in a pool.",
        discussion: "Example:  patchbay device passthrough 41:00.0 42:00.0 --pool gpus --create")

    @Argument(help: "Devices: HOST/ADDRESS, or the address alone while only one host has it.")
    var devices: [String]
    @Option(help: "The pool that the rules go into.")
    var pool: String
    @Flag(help: "Make the pool when there is none of that name.")
    var create = false
    @OptionGroup var settings: PoolSettings
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if !create && !settings.isEmpty {
            throw ValidationError("--prepare, --class and --description belong to --create")
        }
    }

    func run() async throws {
        let request = API.PassthroughRequest(
            devices: try DeviceArgument.checked(devices), pool: pool,
            create: create ? settings.draft(name: pool) : nil)
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.makePassthrough(request, dryRun: dryRun)
        }
    }
}
