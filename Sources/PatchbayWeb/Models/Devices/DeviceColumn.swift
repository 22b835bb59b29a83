import PatchbayAPI
import PatchbayCore

/// The columns of a device list, in order. The raw value is what the address says.
enum DeviceColumn: String, Sendable, CaseIterable {
    case device, name, group, numa, driver, state, use = "for", host

    var title: String {
        switch self {
        case .device: "Device"
        case .name: "Name"
        case .group: "Group"
        case .numa: "NUMA"
        case .driver: "Driver"
        case .state: "State"
        case .use: "For"
        case .host: "Host"
        }
    }

    /// What the heading says to somebody who cannot see the arrow.
    var hint: String {
        self == .group ? "Sort by IOMMU group: group mates sit together" : "Sort by \(title.lowercased())"
    }
}
