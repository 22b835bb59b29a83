import PatchbayCore

/// A host whose network cards were cut into as many virtual functions as they give, with everything known of each.
enum LargeHost {
    static let name = "colossus"

    static func inventory(virtualFunctions count: Int) -> Inventory {
        let bridge = try! PCIAddress("0000:00:01.0")
        var functions = [
            PCIFunction(
                address: bridge, id: PCIID(vendor: 0x8086, device: 0x2030), deviceClass: PCIClass(0x060400),
                driver: "pcieport", headerType: 1, topologyPath: "pci0000:00/01.0")
        ]
        var groups: [IOMMUGroup] = []
        for index in 0..<count {
            let address = address(index)
            functions.append(function(address, index))
            groups.append(IOMMUGroup(id: IOMMUGroupID(index), members: [address], domainType: "DMA-FQ"))
        }
        var survey = HostSurvey()
        survey.mediatedParents = (0..<min(count, 64)).map {
            MediatedParent(
                address: address($0), kind: .vendorVFIO,
                types: (0..<12).map { MediatedType(id: "\($0)", name: "Slice \($0)", available: 16 - $0) })
        }
        survey.mediatedDevices = (0..<8).map {
            MediatedDevice(
                uuid: "00000000-0000-0000-0000-00000000000\($0)", parent: address($0), type: "1", iommuGroup: nil)
        }
        survey.holders = [address(0).key: [DeviceHolder(pid: 4711, command: "qemu", node: "/dev/vfio/0")]]
        return Inventory(
            host: HostFacts(name: name, kernel: "6.8.0", numaNodes: [NUMANode(0)]),
            readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: functions,
            groups: groups, usb: (0..<40).map { usb($0) },
            hostUses: [bridge.key: [HostUse(.bridge, .critical, chain: [bridge.description])]], survey: survey)
    }

    private static func address(_ index: Int) -> PCIAddress {
        try! PCIAddress("0000:\((1 + index / 256).hex(2)):\((index / 8 % 32).hex(2)).\(index % 8)")
    }

    private static func function(_ address: PCIAddress, _ index: Int) -> PCIFunction {
        PCIFunction(
            address: address, id: PCIID(vendor: 0x15b3, device: 0x101e), deviceClass: PCIClass(0x020000),
            vendorName: "Mellanox Technologies", deviceName: "ConnectX Family mlx5Gen Virtual Function",
            className: "Ethernet controller", driver: "mlx5_core", iommuGroup: IOMMUGroupID(index),
            numaNode: NUMANode(index % 2), role: .virtual(parent: address, index: index), headerType: 0,
            bars: [BAR(index: 0, start: 0x20_0000_0000, size: 1 << 20, kind: .memory64, isPrefetchable: true)],
            resetMethods: ["flr"], topologyPath: "pci0000:00/01.0/\(address)", nodes: ["enp1s0v\(index)"],
            details: PCIDetails(
                capabilities: PCICapabilities(
                    standard: [0x10, 0x11, 0x05], extended: [0x01, 0x0e, 0x0d],
                    express: PCIExpressCapability(portType: nil, hasFLR: true, maxSpeed: 1600, maxWidth: 16),
                    msixVectors: 64, acs: ACS(capable: [], enabled: [])),
                link: PCILink(speed: 1600, width: 16, maxSpeed: 1600, maxWidth: 16), powerState: "D0",
                slot: PhysicalSlot(name: "4"),
                serials: [DeviceSerial(.mac, "02:00:00:00:\((index / 256).hex(2)):\((index % 256).hex(2))")],
                rom: OptionROM(codeTypes: [0, 3], isSound: true, isShadow: false),
                errors: ErrorCounts(correctable: 0, nonfatal: 0, fatal: 0)))
    }

    private static func usb(_ index: Int) -> USBDevice {
        USBDevice(
            address: USBAddress(bus: 1, chain: [index + 1])!, port: USBPort(controller: address(0)),
            deviceNumber: index + 2, vendor: 0x1050, product: 0x0407, productName: "Key",
            interfaces: [USBInterface(number: 0, interfaceClass: 3, driver: "usbhid")])
    }
}
