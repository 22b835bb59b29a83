import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay detach a100 --from trainer-02`
struct DetachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detach", abstract: "Detach a device, all devices of a pool or a request from a VM.",
        discussion: """
            A running VM loses USB devices at once; it keeps PCI devices until it stops. Detaching one device of a pool lowers \
            the count of its request by one.
            Example:  patchbay detach a100 --from trainer-02
                      patchbay detach a100 --from trainer-02 --count 1
                      patchbay detach 41:00.0 --from trainer-02
            """)

    @Argument(help: "A device, a pool, or the name of a request.", completion: .holdings)
    var what: String
    @Option(
        name: .customLong("from"),
        help: ArgumentHelp("The VM; may be omitted if only one VM has it.", valueName: "vm"), completion: .names(.vm))
    var vm: String?
    @Option(
        help: ArgumentHelp("Number of devices of the pool or request; all of them when omitted.", valueName: "number"))
    var count: Int?
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard let count else { return }
        if count < 1 { throw ValidationError("--count must be at least 1") }
        if DeviceArgument.isDevice(what) {
            throw ValidationError("--count belongs to a pool or request; \(what) is one device")
        }
    }

    func run() async throws {
        let isDevice = DeviceArgument.isDevice(what)
        if isDevice { _ = try DeviceArgument.checked(what) }
        let service = try global.service()
        let vm = try await holder(service)
        let request =
            if isDevice {
                API.DetachRequest(device: what)
            } else if vm.requests.contains(where: { $0.name == what }) {
                API.DetachRequest(request: what, count: count)
            } else {
                API.DetachRequest(pool: what, count: count)
            }
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.detach(request, from: vm.name, dryRun: dryRun)
        }
    }

    /// The VM that was named, or the only one that has it.
    private func holder(_ service: any PatchbayService) async throws(Problem) -> API.VM {
        if let vm { return try await service.vm(vm) }
        let device = DeviceArgument.isDevice(what) ? try await service.device(what) : nil
        let holders = try await service.vms().filter { vm in
            vm.requests.contains { request in
                if let device {
                    request.device == device.id || vm.name == device.vm
                } else {
                    request.pool == what || request.name == what
                }
            } || (device != nil && vm.name == device?.vm)
        }
        if let only = holders.first, holders.count == 1 { return only }
        guard !holders.isEmpty else {
            throw Problem(
                .wrongState, "No VM requests \"\(what)\".", next: ["See what each VM holds:  patchbay vm list"])
        }
        throw Problem(
            .ambiguousName, "\(CountWords.count(holders.count, "VM")) request \"\(what)\".",
            evidence: holders.map(\.name), next: ["Choose one:  patchbay detach \(what) --from VM"])
    }
}
