import PatchbayAPI
import PatchbayCore
import PatchbayText

/// How devices are listed.
enum DeviceListing {
    static let all = Listing<API.Device>(
        columns: [
            Column("device") { Cell($0.shortID) },
            Column("name", shrinks: true) { Cell($0.name) },
            Column("group", .right) { Cell($0.iommuGroup) },
            Column("numa", .right) { Cell($0.numaNode) },
            Column("id", isWide: true) { Cell("\($0.vendorID):\($0.deviceID)") },
            Column("class", isWide: true, shrinks: true) { Cell($0.className ?? $0.classCode) },
            Column("role", isWide: true) { Cell($0.role) },
            Column("driver") { Cell($0.driver) },
            Column("override", isWide: true) { Cell($0.driverOverride) },
            Column("state", values: DeviceState.allCases.map(\.rawValue)) { Cell($0.state.rawValue, $0.state.colour) },
            Column("verdict", isWide: true) { Cell($0.verdict.words, $0.verdict.colour) },
            Column("pool", isWide: true) { Cell($0.pools.isEmpty ? nil : $0.pools.joined(separator: ",")) },
            Column("host", isWide: true) { Cell($0.host) },
            Column("for", shrinks: true) { Cell(purpose($0)) },
        ],
        mark: { $0.state.mark },
        name: { $0.shortID },
        empty: [
            "No devices.",
            "next  See all:  patchbay device list",
            "      Or read the hosts again:  patchbay host refresh HOST",
        ],
        isFiltered: true)

    /// As `all`, for the command that lists them all.
    static let whole: Listing<API.Device> = {
        var listing = all
        listing.empty = ["No devices.", "next  Read a host again:  patchbay host refresh HOST"]
        return listing
    }()

    /// Who has it, or may have it, or why nobody can.
    private static func purpose(_ device: API.Device) -> String {
        if let holder = device.holder { return holder }
        switch device.state {
        case .free, .allocated, .attached:
            guard let first = device.pools.first else { return "" }
            return device.pools.count == 1 ? "pool \(first)" : "pools \(device.pools.joined(separator: ", "))"
        case .host, .blocked, .missing, .quarantined: return device.reason
        }
    }
}
