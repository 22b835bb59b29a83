import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay device return 41:00.0`
struct DeviceReturn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "return", abstract: "Mark single-use devices as cleaned, so that they can be lent again.")

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
            try await service.returnDevices(names, dryRun: dryRun)
        }
    }
}
