import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayText

/// `patchbay device list`
struct DeviceList: AsyncParsableCommand, ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List devices with state, group and driver.",
        discussion: "Example:  patchbay device list --where 'state=free vendor=10de' --sort group")
    static var choices: ListChoices { DeviceListing.whole.choices }

    @OptionGroup var of: DeviceKindOption
    @OptionGroup var hostOption: HostOption
    @OptionGroup var from: SourceOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var watch: WatchOption
    @OptionGroup var output: TreeOutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        if let filter = list.filter { _ = try DeviceFilter(parsing: filter, for: of.meant) }
        let service = try await from.source(global)
        let listing = from.root == nil ? DeviceListing.whole : DeviceListing.all
        var changes = RowChanges<API.Device>(limit: nil)
        try await watch.show(service, out) { () async throws(Problem) in
            try await service.devices(
                API.DeviceQuery(kind: of.kind, host: hostOption.host, filter: list.filter))
        } draw: { devices in
            try await draw(devices, listing, service, out)
        } tell: { devices in
            try changes.tell(devices, listing, options: list, narrowing: hostOption.narrowing(), out)
        }
    }

    private func draw(
        _ devices: [API.Device], _ listing: Listing<API.Device>, _ service: any InventoryService, _ out: Output
    ) async throws {
        if out.format == .tree {
            out.write(DeviceTree(try listing.arranged(devices, options: list)).render(out.style))
        } else {
            let isNone = devices.isEmpty && list.filter != nil && out.isForPeople
            let all = isNone ? try await service.devices(API.DeviceQuery(kind: of.kind, host: hostOption.host)) : nil
            try out.list(devices, listing, options: list, narrowing: hostOption.narrowing(of: all?.count))
        }
        if !devices.isEmpty, out.isForPeople, out.style.isTerminal {
            out.footer(CountWords.devices(devices.countsByState) + (try await age(devices, service, out)))
        }
    }

    /// How old the oldest inventory behind the list is.
    private func age(
        _ devices: [API.Device], _ service: any InventoryService, _ out: Output
    ) async throws(Problem) -> String {
        let names = Set(devices.map(\.host))
        let oldest = try await service.hosts().filter { names.contains($0.name) }.compactMap(\.inventoryAt).min()
        return oldest.map { " · inventory \(TimeWords.age(from: $0, to: out.now)) old" } ?? ""
    }
}
