/// A USB device as conditions see it.
struct USBFacts: DeviceFactSource {
    let device: USBDevice
    let host: String

    var function: PCIFunction? { nil }

    /// A device has the classes of all its interfaces.
    func hasNumber(of field: DeviceField, where isAsked: (Int) -> Bool) -> Bool {
        if field == .class, device.interfaces.contains(where: { isAsked(Int($0.interfaceClass)) }) { return true }
        return number(of: field).map(isAsked) ?? false
    }

    private func number(of field: DeviceField) -> Int? {
        switch field {
        case .vendor: Int(device.vendor)
        case .product: Int(device.product)
        case .id: Int(device.vendor) << 16 | Int(device.product)
        case .class: Int(device.deviceClass)
        case .speed: device.speed.map { $0 / 10 }
        case .controller: device.port.controller?.number
        case .name, .driver, .serial, .port, .host, .verdict, .use, .device, .subsystem, .classname, .address, .slot,
            .group,
            .numa, .revision, .role, .topology, .label, .width, .reset, .parent, .vfs, .pci, .short, .state, .pool, .vm,
            .alone:
            nil
        }
    }

    func texts(of field: DeviceField) -> [String] {
        switch field {
        case .name: [[device.vendorName, device.productName].compactMap(\.self).joined(separator: " ")]
        case .vendor: [device.vendor.hex(4)]
        case .product: [device.product.hex(4)]
        case .id: ["\(device.vendor.hex(4)):\(device.product.hex(4))"]
        case .class: Set([device.deviceClass] + device.interfaces.map(\.interfaceClass)).map { $0.hex(2) }
        case .driver: Set(device.interfaces.compactMap(\.driver)).sorted()
        case .serial: device.serial.map { [$0] } ?? []
        case .port: [device.name]
        case .speed: device.speed.map { ["\($0 / 10)"] } ?? []
        case .controller: device.port.controller.map { [$0.description, $0.short] } ?? []
        case .host: [host]
        case .verdict: [HostVerdict(device.hostUses.map(\.severity).max()).rawValue]
        case .use: device.hostUses.map(\.reason.rawValue)
        case .device, .subsystem, .classname, .address, .slot, .group, .numa, .revision, .role, .topology, .label,
            .width,
            .reset, .parent, .vfs, .pci, .short, .state, .pool, .vm, .alone:
            []
        }
    }
}
