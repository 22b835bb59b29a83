import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay pool list`
struct PoolList: AsyncParsableCommand, ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List pools with their free devices.")
    static var choices: ListChoices { PoolListing.all.choices }

    @OptionGroup var list: ListOptions
    @OptionGroup var watch: WatchOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let service = try global.service()
        try await watch.list(service, out, { _ in PoolListing.all }, options: list) { () async throws(Problem) in
            try await service.pools()
        }
    }
}

/// How pools are listed.
enum PoolListing {
    static let all = Listing<API.Pool>(
        columns: [
            Column("pool") { Cell($0.name) },
            Column("class", values: PoolClass.allCases.map(\.rawValue)) { Cell($0.deviceClass.rawValue) },
            Column("prepare", values: PatchbayCore.Pool.Preparation.allCases.map(\.rawValue)) {
                Cell($0.preparation.rawValue)
            },
            Column("rules", .right) { Cell($0.rules.count) },
            Column("devices", .right) { Cell($0.devices.count) },
            Column("free", .right) { Cell($0.deviceCounts[DeviceState.free.rawValue] ?? 0) },
            Column("vms", shrinks: true) { Cell($0.vms.joined(separator: ", ")) },
            Column("description", isWide: true, shrinks: true) { Cell($0.description) },
        ],
        mark: { $0.findings.isEmpty ? .nothing : .attention },
        name: { $0.name },
        empty: [
            "No pools yet.", "next  Make one from a device:  patchbay device passthrough DEVICE --pool NAME --create",
        ])
}
