import PatchbayCore

/// A host with two GPUs, one that shares its group with its audio function, and a disk that the host lives on.
enum SampleHost {
    static let gpuA = address("41:00.0")
    static let gpuB = address("42:00.0")
    static let gpuWithAudio = address("c1:00.0")
    static let audio = address("c1:00.1")
    static let usb = address("00:14.0")
    static let disk = address("00:17.0")
    static let bridge = address("40:01.0")

    static func address(_ text: String) -> PCIAddress { try! PCIAddress(text) }

    static func inventory(_ name: String = "atlas") -> Inventory {
        Inventory(
            host: HostFacts(name: name, kernel: "6.1.0", cpuCount: 8, memoryMiB: 16_384, numaNodes: [NUMANode(0)]),
            readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true),
            functions: [
                function(usb, 0x8086, 0xa0ed, 0x0c0330, group: 1, driver: "xhci_hcd", "USB controller"),
                function(disk, 0x8086, 0xa102, 0x010601, group: 1, driver: "ahci", "SATA controller"),
                function(bridge, 0x8086, 0x2030, 0x060400, group: 16, driver: "pcieport", "Root port", header: 1),
                function(gpuA, 0x10de, 0x20b5, 0x030200, group: 15, driver: "nvidia", "A100 PCIe 80GB"),
                function(gpuB, 0x10de, 0x20b5, 0x030200, group: 16, driver: "nvidia", "A100 PCIe 80GB"),
                function(gpuWithAudio, 0x10de, 0x27b2, 0x030000, group: 31, driver: "nvidia", "RTX 4000 Ada"),
                function(audio, 0x10de, 0x22bc, 0x040300, group: 31, driver: "snd_hda_intel", "HD Audio"),
            ],
            groups: [
                IOMMUGroup(id: IOMMUGroupID(1), members: [usb, disk]),
                IOMMUGroup(id: IOMMUGroupID(15), members: [gpuA]),
                IOMMUGroup(id: IOMMUGroupID(16), members: [bridge, gpuB]),
                IOMMUGroup(id: IOMMUGroupID(31), members: [gpuWithAudio, audio]),
            ],
            hostUses: [disk.key: [HostUse(.mount, .critical, chain: ["/", "sda1", "sda", disk.description])]])
    }

    static func function(
        _ address: PCIAddress, _ vendor: UInt16, _ device: UInt16, _ code: UInt32, group: Int, driver: String,
        _ name: String, header: UInt8 = 0
    ) -> PCIFunction {
        PCIFunction(
            address: address, id: PCIID(vendor: vendor, device: device), deviceClass: PCIClass(code),
            vendorName: vendor == 0x10de ? "NVIDIA Corporation" : "Intel Corporation", deviceName: name,
            driver: driver, iommuGroup: IOMMUGroupID(group), numaNode: NUMANode(0), headerType: header,
            resetMethods: ["flr"], topologyPath: "pci0000:00/\(address)")
    }

    static func domain(_ name: String, _ state: Domain.State = .shutOff) -> Domain {
        Domain(name: name, uuid: "00000000-0000-0000-0000-\(name.utf8.count)", state: state, vcpus: 2, memoryMiB: 1024)
    }
}
