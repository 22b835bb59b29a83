import PatchbayAPI
import PatchbayCore

/// A device in a list.
struct DeviceRow: Sendable, Hashable {
    let id: String
    let device: String
    let href: String
    let address: String
    let name: String
    let fullName: String
    let group: String
    let numa: String
    let driver: String
    let mark: StateMark
    let reason: String
    let use: String
    let useLink: String?
    let host: String
    let hostLink: String
    /// The first of its IOMMU group, when the list is sorted by it.
    let startsGroup: Bool
    let canSelect: Bool

    init(_ device: API.Device, startsGroup: Bool = false) {
        self.id = "row-\(device.elementID)"
        self.device = device.id
        self.href = Link.device(device)
        self.address = device.shortAddress
        self.name = device.briefName
        self.fullName = device.name
        self.group = device.groupText
        self.numa = device.numaText
        self.driver = device.driver ?? "none"
        self.mark = StateMark(device.state)
        self.reason = device.reason
        self.host = device.host
        self.hostLink = Link.host(device.host)
        self.startsGroup = startsGroup
        self.canSelect = !device.isBridge
        if let vm = device.vm {
            (self.use, self.useLink) = (vm, Link.vm(vm))
        } else if let pool = device.pools.first, device.state == .free {
            (self.use, self.useLink) = ("pool \(device.pools.joined(separator: ", "))", Link.pool(pool))
        } else {
            (self.use, self.useLink) = (device.state == .free ? "no pool" : device.reason, nil)
        }
    }

    /// `marksGroups`: a line above each new IOMMU group shows which devices belong together.
    static func rows(of devices: [API.Device], marksGroups: Bool) -> [DeviceRow] {
        var before: String?
        return devices.map { device in
            let group = "\(device.host)/\(device.groupText)"
            defer { before = group }
            return DeviceRow(device, startsGroup: marksGroups && before != nil && before != group)
        }
    }
}
