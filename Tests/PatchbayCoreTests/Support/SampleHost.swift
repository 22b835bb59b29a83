import PatchbayCore

/// A host with one of everything that the rules speak of:
///
/// - group 1: USB controller and SATA controller with the root disk
/// - group 15, 16: an A100 each, on nvidia
/// - group 31: a GPU with its audio function, and the bridge above them
/// - group 40: an idle network card, driverless
/// - group 44, 45, 46: a PF with two VFs
enum SampleHost {
    static let name = "atlas"
    static let usb = address("00:14.0")
    static let sata = address("00:17.0")
    static let a100 = address("41:00.0")
    static let secondA100 = address("42:00.0")
    static let bridge = address("c0:01.1")
    static let gpu = address("c1:00.0")
    static let audio = address("c1:00.1")
    static let idle = address("b0:00.0")
    static let parent = address("b1:00.0")
    static let virtual = [address("b1:01.0"), address("b1:01.1")]

    static func address(_ text: String) -> PCIAddress { try! PCIAddress(text) }

    static let rootUse = HostUse(.mount, .critical, chain: ["/", "sda2", "sda", "0000:00:17.0"])

    static func inventory(
        readiness: Readiness = Readiness(iommu: .active, vfioLoaded: false, vfioAvailable: true)
    ) -> Inventory {
        Inventory(
            host: HostFacts(name: name, numaNodes: [NUMANode(0), NUMANode(1)]), readiness: readiness,
            functions: functions, groups: groups, hostUses: [sata.key: [rootUse]])
    }

    private static let groups = [
        IOMMUGroup(id: IOMMUGroupID(1), members: [usb, sata]),
        IOMMUGroup(id: IOMMUGroupID(15), members: [a100]),
        IOMMUGroup(id: IOMMUGroupID(16), members: [secondA100]),
        IOMMUGroup(id: IOMMUGroupID(31), members: [bridge, gpu, audio]),
        IOMMUGroup(id: IOMMUGroupID(40), members: [idle]),
        IOMMUGroup(id: IOMMUGroupID(44), members: [parent]),
        IOMMUGroup(id: IOMMUGroupID(45), members: [virtual[0]]),
        IOMMUGroup(id: IOMMUGroupID(46), members: [virtual[1]]),
    ]

    private static let functions = [
        function(usb, 0x8086, 0xa36d, 0x0c0330, "USB 3.1 xHCI", driver: "xhci_hcd", group: 1),
        function(sata, 0x8086, 0xa352, 0x010601, "SATA AHCI", driver: "ahci", group: 1),
        function(a100, 0x10de, 0x20b5, 0x030200, "A100 PCIe 80GB", driver: "nvidia", group: 15, numa: 0),
        function(secondA100, 0x10de, 0x20b5, 0x030200, "A100 PCIe 80GB", driver: "nvidia", group: 16, numa: 1),
        function(bridge, 0x8086, 0x2030, 0x060400, "Root Port", driver: "pcieport", group: 31, header: 1),
        function(gpu, 0x10de, 0x27b2, 0x030000, "RTX 4000 Ada", driver: "nvidia", group: 31, numa: 1),
        function(audio, 0x10de, 0x22bc, 0x040300, "HD Audio", driver: "snd_hda_intel", group: 31, numa: 1),
        function(idle, 0x8086, 0x10d3, 0x020000, "82574L", driver: nil, group: 40, numa: 1),
        function(
            parent, 0x8086, 0x1593, 0x020000, "E810-C", driver: "ice", group: 44,
            role: .physical(total: 8, active: 2, virtualFunctions: virtual)),
        function(
            virtual[0], 0x8086, 0x1889, 0x020000, "E810 VF", driver: nil, group: 45,
            role: .virtual(parent: parent, index: 0)),
        function(
            virtual[1], 0x8086, 0x1889, 0x020000, "E810 VF", driver: nil, group: 46,
            role: .virtual(parent: parent, index: 1)),
    ]

    static func function(
        _ address: PCIAddress, _ vendor: UInt16, _ device: UInt16, _ code: UInt32, _ name: String, driver: String?,
        group: Int, numa: Int? = nil, header: UInt8 = 0, role: PCIRole = .plain
    ) -> PCIFunction {
        PCIFunction(
            address: address, id: PCIID(vendor: vendor, device: device), deviceClass: PCIClass(code), revision: 0xa1,
            vendorName: vendor == 0x10de ? "NVIDIA Corporation" : "Intel Corporation", deviceName: name,
            className: "class \(code)", driver: driver, iommuGroup: IOMMUGroupID(group),
            numaNode: numa.map { NUMANode($0) }, role: role, headerType: header, resetMethods: ["flr"],
            topologyPath: "pci0000:00/\(address.short)")
    }

    /// One pool over everything that is no bridge.
    static let everything = Pool(
        name: "everything", rules: [Rule(name: "all", conditions: [Condition(.name, .notEqual, "")])])

    static func view(_ usage: Usage = Usage(pools: [everything]), of inventory: Inventory = inventory()) -> HostView {
        HostView(inventory: inventory, usage: usage)
    }

    static func unit(_ address: PCIAddress) -> DeviceUnit { inventory().unit(of: address)! }
}

extension Usage {
    /// Gives whole units of the sample host to a VM by a claim.
    mutating func give(
        _ addresses: [PCIAddress], to vm: String, _ state: (ClaimDecision) -> Claim.State = Claim.State.attached
    ) {
        let claim = "claim-\(vm)"
        let units = addresses.map { SampleHost.unit($0) }
        claims[claim] = Claim(
            id: claim, owner: .vm(vm), requests: [],
            state: state(
                ClaimDecision(
                    host: SampleHost.name, units: units.map { AllocatedUnit(request: "r", pool: nil, unit: $0) })))
        for unit in units {
            for member in unit.members {
                allocations[member] = Allocation(claim: claim, owner: .vm(vm), primary: unit.primary)
            }
        }
    }
}
