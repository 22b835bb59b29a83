import PatchbayCore

/// What QEMU's `query-pci` says: the buses as the firmware numbered them, with our ids on the devices.
struct EmulatedPCI: Decodable, Sendable {
    struct Bus: Decodable, Sendable {
        var devices: [Device]
    }

    struct Device: Decodable, Sendable {
        struct Bridge: Decodable, Sendable { var devices: [Device]? }
        var bus: Int
        var slot: Int
        var function: Int
        var qdev_id: String
        var pci_bridge: Bridge?
    }

    let buses: [Bus]

    init(from decoder: any Decoder) throws { buses = try decoder.singleValueContainer().decode([Bus].self) }

    /// Where each device with an id is.
    var addresses: [String: PCIAddress] {
        var found: [String: PCIAddress] = [:]
        func visit(_ devices: [Device]) {
            for device in devices {
                if !device.qdev_id.isEmpty {
                    found[device.qdev_id] = PCIAddress(
                        bus: UInt8(device.bus), slot: UInt8(device.slot), function: UInt8(device.function))
                }
                visit(device.pci_bridge?.devices ?? [])
            }
        }
        for bus in buses { visit(bus.devices) }
        return found
    }
}
