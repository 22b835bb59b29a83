import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay device return 41:00.0`
struct DeviceReturn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "return", abstract: "Say that devices for one use were cleaned and may be lent again.")

    @Argument(help: "Devices: HOST/ADDRESS, or the address alone while only one host has it.")
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
