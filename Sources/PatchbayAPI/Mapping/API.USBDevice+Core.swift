import PatchbayCore

extension API.USBDevice {
    package init(_ device: PatchbayCore.USBDevice, host: String) {
        let worst = device.hostUses.map(\.severity).max()
        self.init(
            id: "\(host)/usb-\(device.name)", host: host, name: device.name, title: device.title,
            vendorID: device.vendor.hex(4), productID: device.product.hex(4), vendorName: device.vendorName,
            productName: device.productName, serial: device.serial, isSerialUnique: device.isSerialUnique,
            busNumber: device.busNumber, deviceNumber: device.deviceNumber,
            controller: device.port.controller?.description, ports: device.port.chain,
            companion: device.port.companion, connectType: device.port.connectType,
            speedKbps: device.speed.map { $0.times(100) }, usbVersion: device.version,
            kind: device.isRootHub ? "root-hub" : device.isHub ? "hub" : "device",
            interfaces: device.interfaces.map(API.USBInterface.init), maxPowerMilliamperes: device.maxPower,
            isAuthorized: device.isAuthorized, nodes: device.nodes, verdict: HostVerdict(worst),
            hostUses: device.hostUses.map(API.HostUse.init))
    }
}

extension PatchbayCore.USBDevice {
    /// As far as the API tells it, which is all that a filter asks for.
    package init(_ device: API.USBDevice) {
        self.init(
            name: device.name,
            port: USBPort(
                controller: device.controller.flatMap { PCIAddress(printed: $0) }, chain: device.ports,
                companion: device.companion, connectType: device.connectType),
            busNumber: device.busNumber, deviceNumber: device.deviceNumber,
            vendor: UInt16(device.vendorID, radix: 16) ?? 0, product: UInt16(device.productID, radix: 16) ?? 0,
            vendorName: device.vendorName, productName: device.productName, serial: device.serial,
            isSerialUnique: device.isSerialUnique, speed: device.speedKbps.map { $0 / 100 }, version: device.usbVersion,
            deviceClass: device.kind == "device" ? 0 : 0x09, interfaces: device.interfaces.map { USBInterface($0) },
            maxPower: device.maxPowerMilliamperes, isAuthorized: device.isAuthorized, nodes: device.nodes,
            hostUses: device.hostUses.compactMap { HostUse($0) })
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

extension PatchbayCore.USBDevice {
    fileprivate var title: String {
        let known = [vendorName, productName].compactMap { $0 }
        guard !known.isEmpty else { return "USB device \(vendor.hex(4)):\(product.hex(4))" }
        // Many products begin with their maker's name.
        if let vendorName, let productName, productName.hasPrefix(vendorName) { return productName }
        return known.joined(separator: " ")
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

extension PatchbayCore.USBInterface {
    /// Source: USB-IF, Defined Class Codes.
    fileprivate var className: String? {
        switch interfaceClass {
        case 0x01: "audio"
        case 0x02, 0x0a: "communications"
        case 0x03: "input"
        case 0x06: "still image"
        case 0x07: "printer"
        case 0x08: "storage"
        case 0x09: "hub"
        case 0x0b: "smart card"
        case 0x0e: "video"
        case 0xe0: "wireless"
        case 0xff: "vendor's own"
        default: nil
        }
    }
}
