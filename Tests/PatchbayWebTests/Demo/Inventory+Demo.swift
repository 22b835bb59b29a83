import PatchbayCore

extension Inventory {
    /// A stick that is mounted, a key, and what the survey says.
    static func demo(_ host: String) -> Inventory {
        let mounted = stick("1-3", "SanDisk", "Ultra", nodes: ["sdc"])
        var inventory = bare(host)
        inventory.usb = [mounted, stick("1-4", "Yubico", "YubiKey 5", nodes: [])]
        inventory.hostUses = [mounted.key: [HostUse(.mount, .inUse, chain: ["/mnt", "sdc1", "sdc"])]]
        inventory.survey = .demo
        return inventory
    }

    /// Nobody has looked yet.
    static func bare(_ host: String) -> Inventory {
        Inventory(
            host: HostFacts(name: host), readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true),
            functions: [], groups: [])
    }

    /// A key that a hub of port 5 has in its port 2.
    static let key = USBDevice(
        address: USBAddress(kernelName: "1-5.2")!,
        port: USBPort(controller: try! PCIAddress("0000:00:14.0"), companion: "usb2-port5", connectType: "hotplug"),
        deviceNumber: 9, vendor: 0x1050, product: 0x0407, vendorName: "Yubico", productName: "YubiKey 5 NFC",
        serial: "0013", isSerialUnique: true, speed: 120, version: "2.00",
        interfaces: [
            USBInterface(number: 0, interfaceClass: 3, driver: "usbhid"), USBInterface(number: 1, interfaceClass: 11),
        ])

    private static func stick(_ port: String, _ vendor: String, _ product: String, nodes: [String]) -> USBDevice {
        USBDevice(
            address: USBAddress(kernelName: port)!, port: USBPort(controller: try! PCIAddress("0000:00:14.0")),
            deviceNumber: 4, vendor: 0x0781, product: 0x5581, vendorName: vendor, productName: product,
            serial: "4C5300", speed: 4800,
            interfaces: [USBInterface(number: 0, interfaceClass: 8, driver: "usb-storage")], nodes: nodes)
    }
}
