import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay detach a100 --from trainer-02`
struct DetachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detach", abstract: "Take a device, a pool's devices or a request away from a VM.")

    @Argument(help: "A device, a pool, or the name of a request.")
    var what: String
    @Option(
        name: .customLong("from"),
        help: ArgumentHelp("The VM; may be left out when only one has it.", valueName: "vm"))
    var vm: String?
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let isDevice = DeviceArgument.isDevice(what)
        if isDevice { _ = try DeviceArgument.checked(what) }
        let service = try global.service()
        let vm = try await holder(service)
        let request =
            if isDevice {
                API.DetachRequest(device: what)
            } else if vm.requests.contains(where: { $0.name == what }) {
                API.DetachRequest(request: what)
            } else {
                API.DetachRequest(pool: what)
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
                .wrongState, "No VM has asked for \"\(what)\".", next: ["See what each VM holds:  patchbay vm list"])
        }
        throw Problem(
            .ambiguousName, "\(CountWords.count(holders.count, "VM")) have asked for \"\(what)\".",
            evidence: holders.map(\.name), next: ["Say from which:  patchbay detach \(what) --from VM"])
    }
}
