import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay device release 41:00.0`
struct DeviceRelease: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Give prepared devices back to the drivers they had before.")

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
            try await service.releaseDevices(names, dryRun: dryRun)
        }
    }
}
