import PatchbayCore
import PatchbayTesting

/// A host with two USB controllers. On one hang a stick and a hub with a webcam of two interfaces behind it, on the
/// other a key without a serial. Another function of the board is in the first one's IOMMU group.
enum USBHost {
    static let controller = SampleHost.address("00:14.0")
    static let mate = SampleHost.address("00:14.2")
    static let other = SampleHost.address("00:1a.0")
    static let hub = DeviceKey.usb(port("1-3"))
    static let camera = DeviceKey.usb(port("1-3.1"))
    static let stick = DeviceKey.usb(port("1-4"))
    static let key = DeviceKey.usb(port("3-1"))

    static func port(_ name: String) -> USBAddress { USBAddress(kernelName: name)! }
    static func interface(_ name: String) -> USBInterfaceAddress { USBInterfaceAddress(kernelName: name)! }

    static func inventory(_ change: (inout Inventory) -> Void = { _ in }) -> Inventory {
        var inventory = Inventory(
            host: HostFacts(name: SampleHost.name),
            readiness: Readiness(iommu: .active, vfioLoaded: false, vfioAvailable: true),
            functions: [
                SampleHost.function(
                    controller, 0x8086, 0xa36d, 0x0c0330, "xHCI", driver: "xhci_hcd", group: 1, numa: 1),
                SampleHost.function(mate, 0x8086, 0xa36f, 0x050000, "Shared SRAM", driver: nil, group: 1),
                SampleHost.function(other, 0x8086, 0xa370, 0x0c0330, "xHCI", driver: "xhci_hcd", group: 2, numa: 1),
            ],
            groups: [
                IOMMUGroup(id: IOMMUGroupID(1), members: [controller, mate]),
                IOMMUGroup(id: IOMMUGroupID(2), members: [other]),
            ],
            usb: [root(1), root(2, isSuperSpeed: true), root(3, controller: other)] + devices)
        change(&inventory)
        return inventory.inOrder
    }

    static func root(_ bus: Int, isSuperSpeed: Bool = false, controller: PCIAddress = controller) -> USBDevice {
        USBDevice(
            address: port("usb\(bus)"), port: USBPort(controller: controller), deviceNumber: 1, vendor: 0x1d6b,
            product: isSuperSpeed ? 3 : 2, speed: isSuperSpeed ? 50_000 : 4800, deviceClass: 9,
            interfaces: [USBInterface(number: 0, interfaceClass: 9, driver: "hub")])
    }

    private static let devices = [
        USBDevice(
            address: port("1-3"), port: USBPort(controller: controller), deviceNumber: 2, vendor: 0x05e3,
            product: 0x0610, deviceClass: 9, interfaces: [USBInterface(number: 0, interfaceClass: 9, driver: "hub")]),
        USBDevice(
            address: port("1-3.1"), port: USBPort(controller: controller), deviceNumber: 3, vendor: 0x046d,
            product: 0x0825, productName: "Webcam",
            interfaces: [
                USBInterface(number: 0, interfaceClass: 0x0e, driver: "uvcvideo"),
                USBInterface(number: 1, interfaceClass: 0x01, driver: "snd-usb-audio"),
            ], nodes: ["video0"]),
        USBDevice(
            address: port("1-4"), port: USBPort(controller: controller), deviceNumber: 4, vendor: 0x0951,
            product: 0x1666, vendorName: "Kingston", productName: "DataTraveler", serial: "E0D55EA574",
            isSerialUnique: true, interfaces: [USBInterface(number: 0, interfaceClass: 0x08, driver: "usb-storage")],
            nodes: ["sda"]),
        USBDevice(
            address: port("3-1"), port: USBPort(controller: other), deviceNumber: 2, vendor: 0x1050, product: 0x0407,
            interfaces: [USBInterface(number: 0, interfaceClass: 0x0b)]),
    ]

    static let sticks = Pool(
        name: "sticks", kind: .usb, rules: [Rule(name: "storage", conditions: [Condition(.class, .equal, "08")])])

    static func controllers(_ filter: Condition = Condition(.class, .begins, "0c03")) -> Pool {
        Pool(name: "controllers", rules: [Rule(name: "usb", conditions: [filter])])
    }

    static func domain(_ name: String, has device: DeviceKey) -> Domain {
        Domain(name: name, uuid: name, state: .running, liveDevices: [device], definedDevices: [device])
    }
}
