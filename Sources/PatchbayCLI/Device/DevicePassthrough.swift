import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay device passthrough 41:00.0 --pool gpus`
struct DevicePassthrough: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passthrough", abstract: "Put devices into a pool, so that VMs can ask for them.",
        discussion: """
            Adds a rule for each device to the pool. In an on-demand pool a device keeps its driver until a VM with it starts.
            Example:  patchbay device passthrough 41:00.0 42:00.0 --pool gpus --create
            """)

    @Argument(
        help: ArgumentHelp("Devices: HOST/ADDRESS, or the address alone if only one host has it.", valueName: "device"),
        completion: .names(.device))
    var devices: [String]
    @Option(help: "The pool to put them into.", completion: .names(.pool))
    var pool: String
    @Flag(help: "Create the pool if it does not exist.")
    var create = false
    @OptionGroup var settings: PoolSettings
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if !create && !settings.isEmpty {
            throw ValidationError("--prepare, --class, --sticky, --guest-reset and --description belong to --create")
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
