import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Facts of a host` {
    @Test func `kernel parameters are split outside quotes, and dashes equal underscores`() {
        let parameters = KernelParameters(
            parsing: "  ro vfio-pci.ids=10de:2204  dyndbg=\"file a.c +p\" pci=a,b quiet=\n")
        #expect(parameters.words == ["ro", "vfio-pci.ids=10de:2204", "dyndbg=\"file a.c +p\"", "pci=a,b", "quiet="])
        #expect(parameters.values(of: "vfio_pci.ids") == ["10de:2204"])
        #expect(parameters.values(of: "dyndbg") == ["file a.c +p"])
        #expect(parameters.values(of: "ro") == [""] && parameters.contains("ro") && !parameters.contains("r"))
        #expect(KernelParameters(parsing: "").words.isEmpty)
    }

    @Test func `floors are missed below their version, and by nobody whose version is not known`() {
        #expect(SoftwareFacts().missedFloors.isEmpty)
        let old = SoftwareFacts(qemu: SoftwareVersion(4, 1, 9), libvirt: SoftwareVersion(10, 0))
        #expect(old.missedFloors.allSatisfy { $0.program == .qemu })
        #expect(old.missedFloors.contains { $0.isRequired && $0.version == SoftwareVersion(4, 2) })
        let debian = SoftwareFacts(qemu: SoftwareVersion(7, 2), libvirt: SoftwareVersion(9, 0))
        #expect(
            debian.missedFloors.map { "\($0.program.rawValue) \($0.version)" } == [
                "QEMU 8.0.0", "QEMU 8.1.0", "QEMU 9.0.0", "libvirt 10.0.0",
            ])
    }

    @Test(.requirements("N7")) func `attaching to VMs that are there takes QEMU 4.2 and libvirt 6.0`() {
        let required = SoftwareFloor.all.filter(\.isRequired)
        #expect(required.map { "\($0.program.rawValue) \($0.version)" } == ["QEMU 4.2.0", "libvirt 6.0.0"])
        let enough = SoftwareFacts(qemu: SoftwareVersion(4, 2), libvirt: SoftwareVersion(6, 0))
        #expect(!enough.missedFloors.contains { $0.isRequired })
    }

    @Test(.requirements("N24")) func `a physical function has three counts that need not agree`() throws {
        let (parent, child) = (try PCIAddress("0000:08:00.0"), try PCIAddress("0000:08:00.4"))
        var card = PCIFunction(
            address: parent, id: PCIID(vendor: 0x10de, device: 0x25b6), deviceClass: PCIClass(0x030200),
            role: .physical(total: 63, active: 16, virtualFunctions: [child]))
        var details = PCIDetails()
        details.capabilities = PCICapabilities(
            sriov: SRIOVCapability(
                initialVFs: 64, totalVFs: 64, numVFs: 16, firstOffset: 4, stride: 1, vfDeviceID: 0x25b6))
        card.details = details
        let function = PCIFunction(
            address: child, id: card.id, deviceClass: card.deviceClass, role: .virtual(parent: parent, index: 0))
        var inventory = Inventory(
            host: HostFacts(name: "atlas"),
            readiness: Readiness(iommu: .active, vfioLoaded: false, vfioAvailable: true),
            functions: [card, function], groups: [])
        let tree = try #require(inventory.sriovTrees.first)
        #expect(inventory.sriovTrees.count == 1)
        #expect(tree.allowed == 63 && tree.capable == 64 && tree.active == 16 && tree.free == 47)
        #expect(tree.parent == parent && tree.virtualFunctions == [child])
        inventory.survey = HostSurvey(
            mediatedParents: [MediatedParent(address: child, kind: .vendorVFIO, types: [], currentType: "1145")],
            mediatedDevices: [MediatedDevice(uuid: "u", parent: child, type: nil, iommuGroup: nil)])
        #expect(
            inventory.survey?.mediatedDevices(on: parent, in: inventory).count == 1, "a card carries its functions'")
        #expect(inventory.survey?.virtualGPUs(on: parent, in: inventory).map(\.address) == [child])
    }
}
