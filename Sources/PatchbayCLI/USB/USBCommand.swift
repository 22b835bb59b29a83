import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// `patchbay usb`
struct USBCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usb", abstract: "USB devices of a host, their ports, and what the host uses them for.",
        subcommands: [USBList.self, USBShow.self])
}

/// How USB devices are listed.
enum USBListing {
    static let all = Listing<API.USBDevice>(
        columns: [
            Column("port") { Cell($0.id) },
            Column("name", shrinks: true) { Cell($0.title) },
            Column("id") { Cell("\($0.vendorID):\($0.productID)") },
            Column("kind", isWide: true) { Cell($0.kind) },
            Column("controller") { Cell($0.controller) },
            Column("speed", .right) { Cell($0.speedKbps.map(USBStory.speed)) },
            Column("driver") { Cell($0.interfaces.compactMap(\.driver).first) },
            Column("serial", isWide: true) { device in
                Cell(device.serial.map { $0 + (device.isSerialUnique ? "" : " (not unique)") })
            },
            Column("state", values: DeviceState.allCases.map(\.rawValue)) { Cell($0.state.rawValue, $0.state.colour) },
            Column("verdict", isWide: true) { Cell($0.verdict.words, $0.verdict.colour) },
            Column("pool", isWide: true) { Cell($0.pools.isEmpty ? nil : $0.pools.joined(separator: ",")) },
            Column("for", shrinks: true) { Cell(purpose($0)) },
        ],
        mark: { $0.state.mark },
        name: { $0.id },
        empty: [
            "No USB devices. Those behind a controller that a VM has are not visible on the host.",
            "next  See who has the controllers:  patchbay device list --where 'class^=0c03'",
            "      Or read the host again:  patchbay host refresh HOST",
        ])

    /// Who has it, why nobody can, or what stands on it.
    private static func purpose(_ device: API.USBDevice) -> String {
        if let holder = device.holder { return holder }
        guard device.kind == "device" else { return "" }
        switch device.state {
        case .free, .allocated, .attached: return device.nodes.joined(separator: " ")
        case .host, .blocked, .missing, .quarantined: return device.reason
        }
    }
}

/// `patchbay usb list atlas`
struct USBList: AsyncParsableCommand, ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List USB devices with port, speed and what the host uses them for.",
        discussion: """
            Hubs and root hubs are not listed; --all includes them.
            Example:  patchbay usb list --where 'vendor=0781 speed>=480'
            """)
    static var choices: ListChoices { USBListing.all.choices }

    @Argument(help: "The host; may be omitted if there is only one.", completion: .names(.host))
    var host: String?
    @Flag(help: "Include hubs and root hubs.")
    var all = false
    @OptionGroup var from: SourceOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var watch: WatchOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let source = try await from.source(global)
        let host = try await source.host(namedOrOnly: host, command: "patchbay usb list")
        let listing = try listing()
        try await watch.list(source, out, { _ in listing }, options: list) { () async throws(Problem) in
            let devices = try await source.survey(host: host.name).usb
            let shown = all ? devices : devices.filter { $0.kind == "device" }
            return listing.isFiltered ? try matching(shown) : shown
        }
    }

    /// A filter has the fields of USB devices; what is none of those may still have columns.
    private func listing() throws(Problem) -> Listing<API.USBDevice> {
        guard let filter = list.filter else { return USBListing.all }
        do throws(Problem) {
            _ = try DeviceFilter(parsing: filter, for: .usb)
            var listing = USBListing.all
            listing.isFiltered = true
            return listing
        } catch {
            let columns = USBListing.all.columns.map(\.id)
            let fields = try? FilterText.conditions(filter).map(\.field)
            guard error.code == .unknownField, let fields, fields.allSatisfy({ columns.contains($0) }) else {
                throw error
            }
            return USBListing.all
        }
    }

    private func matching(_ devices: [API.USBDevice]) throws(Problem) -> [API.USBDevice] {
        guard let filter = list.filter else { return devices }
        let matcher = try DeviceFilter(parsing: filter, for: .usb).matcher(for: .usb)
        let inventory = Inventory(host: devices.first?.host ?? "", usb: devices)
        return devices.filter { device in
            let use = DeviceUse(
                host: device.host, state: device.state, pools: device.pools, vm: device.vm, inventory: inventory)
            return PatchbayCore.USBDevice(device).map { matcher.matches($0, used: use) } ?? false
        }
    }
}

/// `patchbay usb show 1-3.1`
struct USBShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show everything about a USB device.",
        discussion: "Example:  patchbay usb show atlas/usb-1-3.1")

    @Argument(help: "HOST/usb-PORT, or the port alone if there is only one host.", completion: .names(.usbDevice))
    var device: String
    @OptionGroup var from: SourceOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let source = try await from.source(global)
        let parts = device.split(separator: "/", maxSplits: 1).map(String.init)
        let named = parts.count == 2 ? parts[0] : nil
        let host = try await source.host(namedOrOnly: named, command: "patchbay usb show")
        let port = (parts.last ?? device).replacingPrefix("usb-")
        let device = try await source.usbDevice(port, host: host.name)
        try out.show(device, name: device.id) { record(device) }
    }

    private func record(_ device: API.USBDevice) -> Record {
        var record = Record(
            mark: device.state.mark, title: device.id, device.title,
            verdict: Cell(device.state.rawValue, device.state.colour))
        record.add("state", device.reason)
        record.add("held by", device.holder)
        record.add("pools", device.pools.isEmpty ? nil : device.pools.joined(separator: ", "))
        record.add(USBStory.make(device))
        return record
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String) -> String {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}

extension HostVerdict {
    /// Beside the word, never in its place.
    var colour: Colour? {
        switch self {
        case .critical: .red
        case .inUse, .unknown, .dataAtRisk: .yellow
        case .free: .green
        }
    }
}
