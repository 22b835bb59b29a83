import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay attach a100 --to trainer-02`
struct AttachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Attach a device, or devices of a pool, to a VM.",
        discussion: """
            A running VM gets USB devices at once, PCI devices at its next start.
            Example:  patchbay attach a100 --to trainer-02 --count 2 --topology same-switch
                      patchbay attach nics --to trainer-02 --optional
            """)

    @Argument(
        help: "A pool, or a device: HOST/ADDRESS, the address alone if only one host has it, or serial=NUMBER.",
        completion: .names(.pool, .device))
    var what: String
    @Option(name: .customLong("to"), help: ArgumentHelp("The VM.", valueName: "vm"), completion: .names(.vm))
    var vm: String
    @Option(help: ArgumentHelp("Number of devices of the pool; 1 when omitted.", valueName: "number"))
    var count: Int?
    @Option(help: "Name of the request; made from the pool or device when omitted.")
    var name: String?
    @OptionGroup var qualities: RequestOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count must be at least 1") }
        if DeviceArgument.isDevice(what), let count, count > 1 {
            throw ValidationError("--count belongs to a pool; \(what) is one device")
        }
    }

    func run() async throws {
        var request =
            DeviceArgument.isDevice(what)
            ? API.AttachRequest(device: try DeviceArgument.checked(what), name: name)
            : API.AttachRequest(pool: what, count: count, name: name)
        try qualities.apply(to: &request)
        let wanted = request
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.attach(wanted, to: vm, dryRun: dryRun)
        }
    }
}
