import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// `patchbay device show 41:00.0`
struct DeviceShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show everything about a device.")

    @Argument(help: "HOST/ADDRESS, or the address alone if only one host has it.", completion: .names(.device))
    var device: String
    @OptionGroup var from: SourceOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let name = try DeviceArgument.checked(device)
        let source = try await from.source(global)
        let device = try await source.device(name)
        var history: [String] = []
        if out.isForPeople, let service = source as? any PatchbayService {
            history = try await self.history(of: device, service, out)
        }
        try out.show(device, name: device.shortID) {
            DeviceRecord.make(device, history: history, isVerbose: out.isVerbose)
        }
    }

    /// The last things that were said about it.
    private func history(
        of device: API.Device, _ service: any PatchbayService, _ out: Output
    ) async throws(Problem) -> [String] {
        let history = DeviceHistory(
            of: device, plans: try await service.plans(host: device.host),
            claims: try await service.claims(API.ClaimQuery()))
        let events = try await service.events(limit: 500).filter { !$0.sentence.isEmpty && history.concerns($0) }
        return events.prefix(out.isVerbose ? 20 : 3).map { EventText.line($0, now: out.now) }
    }
}
