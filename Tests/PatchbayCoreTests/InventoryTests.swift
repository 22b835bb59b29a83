import PatchbayCore
import Testing

@Suite struct `Inventories` {
    private let inventory = SampleHost.inventory()

    @Test(arguments: 0..<100 as Range<UInt64>) func `find every function and every group`(_ seed: UInt64) {
        let inventory = RandomHost(seed: seed).inventory
        for function in inventory.functions { #expect(inventory[function.address] == function, "seed \(seed)") }
        for group in inventory.groups { #expect(inventory.group(group.id) == group, "seed \(seed)") }
        #expect(inventory.group(IOMMUGroupID(999)) == nil)
        #expect(inventory[SampleHost.address("ffff:ff:1f.7")] == nil)
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func `are put in order, with every key once`(_ seed: UInt64) {
        let inventory = RandomHost(seed: seed).inventory.inOrder
        var random = SeededGenerator(seed: seed)
        var told = inventory
        told.functions += inventory.functions.map { function in
            var other = function
            other.topologyPath += "/00.0"
            return other
        }
        told.groups += inventory.groups
        for index in told.groups.indices {
            told.groups[index].members += told.groups[index].members
            told.groups[index].members.shuffle(using: &random)
        }
        told.groups.shuffle(using: &random)
        let found = told.inOrder
        #expect(found == inventory, "seed \(seed)")
        told.functions.shuffle(using: &random)
        #expect(told.inOrder.functions.map(\.address) == inventory.functions.map(\.address), "seed \(seed)")
    }

    @Test func `have one digest for one state`() {
        #expect(inventory.digest == SampleHost.inventory().digest)
        #expect(inventory.digest.count == 16)
        var renamed = inventory
        renamed.functions[0].deviceName = "Another name"
        renamed.readiness.vfioLoaded = true
        #expect(renamed.digest == inventory.digest)
    }

    @Test func `have the same digest in every run and on every machine`() {
        #expect(inventory.digest == "0e6203938417b780")
    }

    @Test func `have another digest when anything changes that plans depend on`() {
        let changes: [(inout Inventory) -> Void] = [
            { $0.functions[2].driver = nil }, { $0.functions[2].driver = "vfio-pci" },
            { $0.functions[2].driverOverride = "" }, { $0.functions[2].iommuGroup = IOMMUGroupID(0) },
            { $0.functions[2].id = PCIID(vendor: 0x10de, device: 1) }, { $0.functions.removeLast() },
            { $0.groups[1].members = [] }, { $0.groups.removeLast() }, { $0.hostUses = [:] },
            { $0.hostUses[SampleHost.sata]?[0].chain[0] = "/var" }, { $0.readiness.iommu = .emptyGroups },
            { $0.readiness.vfioAvailable = nil }, { $0.functions[2].headerType = 1 },
            { $0.functions[2].role = .physical(total: 2, active: 1, virtualFunctions: []) }, { $0.host.name = "b" },
        ]
        var seen: Set<String> = [inventory.digest]
        for (number, change) in changes.enumerated() {
            var changed = inventory
            change(&changed)
            #expect(seen.insert(changed.digest).inserted, "change \(number)")
        }
    }

    @Test(
        arguments: [
            (Step.unbind(SampleHost.a100, from: "nvidia"), nil),
            (.unbind(SampleHost.a100, from: "ice"), .planNotCurrent),
            (.unbind(SampleHost.idle, from: "ice"), .planNotCurrent),
            (.setOverride(SampleHost.a100, from: nil, to: "vfio-pci"), nil),
            (.setOverride(SampleHost.a100, from: "x", to: nil), .planNotCurrent),
            (.probe(SampleHost.idle, to: "vfio-pci"), nil), (.probe(SampleHost.idle, to: nil), nil),
            (.probe(SampleHost.a100, to: "nvidia"), nil), (.probe(SampleHost.a100, to: "vfio-pci"), .planNotCurrent),
            (.probe(SampleHost.a100, to: nil), .planNotCurrent),
            (.probe(SampleHost.address("99:00.0"), to: nil), .unknownDevice),
            (.unbind(SampleHost.address("99:00.0"), from: "x"), .unknownDevice), (.loadModule("vfio-pci"), nil),
            (.startVM("v"), nil),
        ] as [(Step, ProblemCode?)]) func `know whether a step finds what it expects`(
            _ step: Step, _ code: ProblemCode?
        )
    {
        #expect(inventory.expects(step)?.code == code)
    }

    @Test func `do not expect a driver that an override keeps away, nor a module that is not there`() {
        var inventory = inventory
        inventory.functions[inventory.index(of: SampleHost.idle)!].driverOverride = "e1000e"
        #expect(inventory.expects(.probe(SampleHost.idle, to: "vfio-pci"))?.code == .planNotCurrent)
        #expect(inventory.expects(.probe(SampleHost.idle, to: "e1000e")) == nil)
        inventory.readiness.vfioAvailable = false
        #expect(inventory.expects(.loadModule("vfio-pci"))?.code == .noVFIO)
    }

    @Test func `are left as they are by steps of VMs`() {
        for step in [Step.startVM("v"), .stopVM("v", timeoutSeconds: 1, force: true), .plug(vm: "v", devices: [])] {
            #expect(inventory.after(step) == inventory)
        }
    }
}
