import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `Mediated devices` {
    private static let card = "0000:41:00.0"

    @Test(.requirements("V43")) func `a parent offers types, with what can still be made of each`() throws {
        let tree = try SampleTree()
        let card = try tree.function(Self.card, driver: "nvidia")
        try tree.link("sys/class/mdev_bus/\(Self.card)", to: card)
        let type = "\(card)/mdev_supported_types/nvidia-474"
        try tree.file("\(type)/name", "NVIDIA A2-1B\n")
        try tree.file("\(type)/description", "num_heads=4, frl_config=45\nframebuffer=1024M\n")
        try tree.file("\(type)/device_api", "vfio-pci\n")
        try tree.file("\(type)/available_instances", "16\n")
        try tree.directory("\(card)/mdev_supported_types/nvidia-475")
        let parents = try #require(try tree.survey().inventory.survey).mediatedParents
        #expect(
            parents == [
                MediatedParent(
                    address: try PCIAddress(Self.card), kind: .mdev,
                    types: [
                        MediatedType(
                            id: "nvidia-474", name: "NVIDIA A2-1B",
                            description: "num_heads=4, frl_config=45, framebuffer=1024M", deviceAPI: "vfio-pci",
                            available: 16), MediatedType(id: "nvidia-475"),
                    ])
            ])
        try tree.file("\(type)/available_instances", "15\n")
        let again = try #require(try tree.survey().inventory.survey?.mediatedParents.first?.types.first)
        #expect(again.available == 15, "availability is read anew each time")
    }

    @Test func `existing devices are found with parent, type and group`() throws {
        let tree = try SampleTree()
        let card = try tree.function(Self.card, driver: "nvidia")
        let uuid = "4b20d080-1b54-4048-85b3-a6a62d165c01"
        try tree.directory("\(card)/\(uuid)")
        try tree.link("\(card)/\(uuid)/mdev_type", to: "\(card)/mdev_supported_types/nvidia-474")
        try tree.link("\(card)/\(uuid)/iommu_group", to: "sys/kernel/iommu_groups/106")
        try tree.link("sys/bus/mdev/devices/\(uuid)", to: "\(card)/\(uuid)")
        let survey = try #require(try tree.survey().inventory.survey)
        let address = try PCIAddress(Self.card)
        #expect(
            survey.mediatedDevices == [
                MediatedDevice(uuid: uuid, parent: address, type: "nvidia-474", iommuGroup: IOMMUGroupID(106))
            ])
    }

    @Test(.requirements("OX8")) func `vendor VFIO lists types in a table, and says which one is set`() throws {
        let tree = try SampleTree()
        let table = "ID    : vGPU Name\n1145  : NVIDIA L40S-1B\n1146  : NVIDIA L40S-2B\nnonsense\n: x\n"
        for (address, current) in [("0000:41:00.4", "1145"), ("0000:41:00.5", "0")] {
            let function = try tree.function(address, driver: "nvidia")
            try tree.file("\(function)/nvidia/creatable_vgpu_types", current == "0" ? table : "ID    : vGPU Name\n")
            try tree.file("\(function)/nvidia/current_vgpu_type", "\(current)\n")
        }
        let parents = try #require(try tree.survey().inventory.survey).mediatedParents
        #expect(parents.map(\.kind) == [.vendorVFIO, .vendorVFIO])
        #expect(parents.map(\.currentType) == ["1145", nil])
        #expect(parents[0].types.isEmpty, "the list is empty while a type is set")
        #expect(parents[1].types.map(\.id) == ["1145", "1146"])
        #expect(parents[1].types.map(\.name) == ["NVIDIA L40S-1B", "NVIDIA L40S-2B"])
        #expect(parents[1].types.allSatisfy { $0.available == nil }, "the table gives no number")
    }

    /// What the tool prints on a machine with two cards that know MIG and one that does not.
    private static let tool = ProgramRunner { program, arguments in
        guard program == "nvidia-smi" else { return nil }
        if arguments.first?.hasPrefix("--query-gpu=") == true {
            return """
                0, 00000000:41:00.0, Enabled, Enabled
                1, 00000000:C1:00.0, Disabled, Enabled
                2, 00010000:01:00.0, [N/A], [N/A]
                """
        }
        return """
            +-------------------------------------------------------+
            | GPU instances:                                        |
            | GPU   Name             Profile  Instance   Placement  |
            |                          ID       ID       Start:Size |
            |=======================================================|
            |   0  MIG 1g.10gb         19        7          4:1     |
            +-------------------------------------------------------+
            |   0  MIG 3g.40gb          9        2          0:4     |
            +-------------------------------------------------------+
            """
    }

    @Test(.requirements("V43")) func `NVIDIA's tool tells about Multi-Instance GPU`() async throws {
        let tree = try SampleTree()
        for address in ["0000:41:00.0", "0000:c1:00.0"] { try tree.function(address, driver: "nvidia") }
        let parents = try await tree.survey(programs: Self.tool).mediatedParents
        #expect(parents.map(\.address.description) == ["0000:41:00.0", "0000:c1:00.0"])
        #expect(parents.allSatisfy { $0.kind == .multiInstance && $0.types.isEmpty })
        #expect(
            parents.map(\.mig) == [
                MIGState(isEnabled: true, isPending: false, instances: ["1g.10gb", "3g.40gb"]),
                MIGState(isEnabled: false, isPending: true, instances: []),
            ])
    }

    @Test func `the tool is not asked where its driver has no card`() async throws {
        let tree = try SampleTree()
        try tree.function(Self.card, driver: "vfio-pci")
        #expect(try await tree.survey(programs: Self.tool).mediatedParents == [])
    }
}
