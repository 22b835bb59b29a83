import PatchbayCore

extension API.USBDevice {
    package init(_ device: PatchbayCore.USBDevice, in inventory: Inventory, standing: API.Device.Standing) {
        let id = DeviceID(host: inventory.host.name, key: device.key)
        self.init(
            id: device.isRootHub ? "\(id.host)/\(device.address)" : id.description, host: id.host,
            name: device.address.description, title: device.name,
            vendorID: device.vendor.hex(4), productID: device.product.hex(4), vendorName: device.vendorName,
            productName: device.productName, serial: device.serial, isSerialUnique: device.isSerialUnique,
            busNumber: device.address.bus, deviceNumber: device.deviceNumber,
            controller: device.port.controller?.description, ports: device.address.chain,
            companion: device.port.companion, connectType: device.port.connectType,
            speedKbps: device.speed.map { $0.times(100) }, usbVersion: device.version,
            kind: device.isRootHub ? "root-hub" : device.isHub ? "hub" : "device",
            interfaces: device.interfaces.map(API.USBInterface.init), maxPowerMilliamperes: device.maxPower,
            isAuthorized: device.isAuthorized, nodes: device.nodes, state: standing.state, reason: standing.reason,
            pools: standing.pools, holder: standing.holder?.words, vm: standing.holder?.vm,
            recognisedBy: inventory.identity(of: device).words,
            verdict: inventory.verdict(of: device.key),
            hostUses: (inventory.hostUses[device.key] ?? []).map(API.HostUse.init))
    }
}

extension PatchbayCore.Inventory {
    /// Of USB devices, as far as the API tells them, which is all that a filter asks for.
    package init(host: String, usb devices: [API.USBDevice]) {
        let known = devices.compactMap { device in PatchbayCore.USBDevice(device).map { (device, $0) } }
        self.init(
            host: HostFacts(name: host), readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: nil),
            functions: [],
            groups: [], usb: known.map(\.1),
            hostUses: Dictionary(
                known.map { ($0.1.key, $0.0.hostUses.compactMap { HostUse($0) }) },
                uniquingKeysWith: { first, _ in first }))
    }
}

extension PatchbayCore.USBDevice {
    /// nil: its name is none that a kernel gives.
    package init?(_ device: API.USBDevice) {
        guard let address = USBAddress(kernelName: device.name) else { return nil }
        self.init(
            address: address,
            port: USBPort(
                controller: device.controller.flatMap { PCIAddress(printed: $0) }, companion: device.companion,
                connectType: device.connectType),
            deviceNumber: device.deviceNumber,
            vendor: UInt16(device.vendorID, radix: 16) ?? 0, product: UInt16(device.productID, radix: 16) ?? 0,
            vendorName: device.vendorName, productName: device.productName, serial: device.serial,
            isSerialUnique: device.isSerialUnique, speed: device.speedKbps.map { $0 / 100 }, version: device.usbVersion,
            deviceClass: device.kind == "device" ? 0 : 0x09, interfaces: device.interfaces.map { USBInterface($0) },
            maxPower: device.maxPowerMilliamperes, isAuthorized: device.isAuthorized, nodes: device.nodes)
    }
}

extension PatchbayCore.USBInterface {
    fileprivate init(_ interface: API.USBInterface) {
        self.init(
            number: interface.number, interfaceClass: UInt8(interface.classCode, radix: 16) ?? 0,
            subclass: UInt8(interface.subclass, radix: 16) ?? 0,
            interfaceProtocol: UInt8(interface.interfaceProtocol, radix: 16) ?? 0, driver: interface.driver)
    }
}

extension PatchbayCore.HostUse {
    /// nil: a word that this Patchbay does not know.
    fileprivate init?(_ use: API.HostUse) {
        guard let reason = Reason(rawValue: use.reason), let severity = Severity(rawValue: use.severity) else {
            return nil
        }
        self.init(reason, severity, chain: use.chain)
    }
}

extension API.USBInterface {
    package init(_ interface: PatchbayCore.USBInterface) {
        self.init(
            number: interface.number, classCode: interface.interfaceClass.hex(2),
            className: interface.className, subclass: interface.subclass.hex(2),
            interfaceProtocol: interface.interfaceProtocol.hex(2), driver: interface.driver)
    }
}
