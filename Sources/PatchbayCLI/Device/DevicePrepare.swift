import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay device prepare 41:00.0`
struct DevicePrepare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare", abstract: "Bind devices to vfio-pci and keep them there.",
        discussion: "The devices must be in a pool. Their whole IOMMU groups are bound.")

    @Argument(
        help: ArgumentHelp("Devices: HOST/ADDRESS, or the address alone if only one host has it.", valueName: "device"),
        completion: .names(.device))
    var devices: [String]
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let names = try DeviceArgument.checked(devices)
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run { (dryRun) async throws(Problem) in
            try await service.prepareDevices(names, dryRun: dryRun)
        }
    }
}
