/// A USB device as conditions see it.
package struct USBFacts: DeviceFactSource {
    let device: USBDevice
    let host: String

    package func matches(_ patterns: [OpenNebulaPattern]) -> Bool? { nil }

    package func isAt(_ addresses: Set<Int>) -> Bool? { nil }

    /// A device has the classes of all its interfaces.
    package func hasNumber(of field: DeviceField, where isAsked: (Int) -> Bool) -> Bool {
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
            .group, .numa, .revision, .role, .topology, .label, .width, .reset, .parent, .vfs, .pci, .short, .state,
            .pool, .vm, .alone, .version:
            nil
        }
    }

    package func texts(of field: DeviceField) -> [String] {
        switch field {
        case .name: [device.name]
        case .vendor: [device.vendor.hex(4)]
        case .product: [device.product.hex(4)]
        case .id: ["\(device.vendor.hex(4)):\(device.product.hex(4))"]
        case .class: Set([device.deviceClass] + device.interfaces.map(\.interfaceClass)).map { $0.hex(2) }
        case .driver: Set(device.interfaces.compactMap(\.driver)).sorted()
        case .serial: device.serial.map { [$0] } ?? []
        case .port: [device.address.description]
        case .version: device.version.map { [$0] } ?? []
        case .speed: device.speed.map { ["\($0 / 10)"] } ?? []
        case .controller: device.port.controller.map { [$0.description, $0.short] } ?? []
        case .host: [host]
        case .device, .subsystem, .classname, .address, .slot, .group, .numa, .revision, .role, .topology, .label,
            .width, .reset, .parent, .vfs, .pci, .short, .state, .pool, .vm, .alone, .verdict, .use:
            []
        }
    }
}
