import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Device states` {
    @Test(
        .requirements("V8", "V22"),
        arguments: [
            (SampleHost.a100, DeviceState.free, "Nobody uses it. It is in pool everything."),
            (SampleHost.usb, .blocked, "It shares IOMMU group 1 with 00:17.0, which the host needs"),
            (
                SampleHost.sata, .host,
                "Needed by the host (root file system: / → sda2 → sda → 0000:00:17.0)."
            ),
            (SampleHost.bridge, .host, "PCI bridge: it stays with the host."),
            (SampleHost.gpu, .free, "Nobody uses it."),
            (SampleHost.parent, .blocked, "It has virtual functions"),
            (SampleHost.virtual[0], .free, "Nobody uses it."),
            (SampleHost.address("99:00.0"), .missing, "It is not in the inventory."),
        ])
    func `come with the reason`(_ address: PCIAddress, _ state: DeviceState, _ reason: String) {
        let answer = SampleHost.view().state(of: address.key)
        #expect(answer.state == state)
        #expect(answer.reason.hasPrefix(reason), "\(answer.reason)")
    }

    @Test(.requirements("V27")) func `say that a device in no pool can be given to nobody`() {
        let answer = SampleHost.view(Usage()).state(of: SampleHost.a100.key)
        #expect(answer == (.free, "Nobody uses it. It is in no pool, so no VM can get it."))
    }

    @Test(arguments: Readiness.IOMMU.allCases) func `depend on the IOMMU`(_ iommu: Readiness.IOMMU) {
        let inventory = SampleHost.inventory(
            readiness: Readiness(iommu: iommu, vfioLoaded: false, vfioAvailable: true))
        let answer = SampleHost.view(of: inventory).state(of: SampleHost.a100.key)
        #expect(answer.state == (iommu == .active ? .free : .blocked))
        if iommu != .active { #expect(answer.reason == iommu.sentence) }
    }

    @Test func `are blocked without a group, without vfio-pci, and while a member of the group is unknown`() {
        var inventory = SampleHost.inventory()
        inventory.functions[inventory.index(of: SampleHost.a100)!].iommuGroup = nil
        inventory.groups[3].members.append(SampleHost.address("c1:00.2"))
        let view = SampleHost.view(of: inventory)
        #expect(view.state(of: SampleHost.a100.key).state == .blocked)
        #expect(view.state(of: SampleHost.gpu.key).state == .blocked)
        inventory.readiness.vfioAvailable = false
        #expect(
            SampleHost.view(of: inventory).state(of: SampleHost.idle.key).reason == "The host has no vfio-pci driver.")
    }

    @Test func `follow the claim`() {
        var usage = Usage(pools: [SampleHost.everything])
        usage.give([SampleHost.gpu], to: "cad-07", Claim.State.allocated)
        #expect(SampleHost.view(usage).state(of: SampleHost.audio.key) == (.allocated, "Reserved for VM cad-07."))
        #expect(SampleHost.view(usage).holder(of: SampleHost.audio.key) == .vm("cad-07"))
        usage.give([SampleHost.gpu], to: "cad-07", Claim.State.attached)
        #expect(SampleHost.view(usage).state(of: SampleHost.audio.key) == (.attached, "In VM cad-07."))
        usage.give([SampleHost.gpu], to: "cad-07", Claim.State.releasing)
        #expect(
            SampleHost.view(usage).state(of: SampleHost.audio.key) == (
                .allocated,
                "It is being released by VM cad-07."
            ))
    }

    @Test func `show what an adopted VM holds`() {
        let domain = Domain(
            name: "legacy", uuid: "u", state: .running, liveDevices: [SampleHost.gpu.key],
            definedDevices: [SampleHost.gpu.key])
        let view = SampleHost.view(Usage(domains: [domain]))
        #expect(view.state(of: SampleHost.gpu.key) == (.attached, "In VM legacy."))
        #expect(view.holder(of: SampleHost.gpu.key) == .vm("legacy"))
        let mate = view.state(of: SampleHost.audio.key)
        #expect(mate == (.blocked, "It shares IOMMU group 31 with c1:00.0, which legacy has."))
        #expect(view.holder(of: SampleHost.audio.key) == nil)
    }

    @Test func `show what a VM that is off will take`() {
        let domain = Domain(name: "legacy", uuid: "u", state: .shutOff, definedDevices: [SampleHost.a100.key])
        let view = SampleHost.view(Usage(domains: [domain]))
        #expect(view.state(of: SampleHost.a100.key) == (.blocked, "VM legacy is off and has it in its definition."))
    }

    @Test func `keep a device that vanished with its VM`() {
        var usage = Usage()
        usage.give([SampleHost.a100], to: "trainer-01")
        var inventory = SampleHost.inventory()
        inventory.functions.removeAll { $0.address == SampleHost.a100 }
        let view = SampleHost.view(usage, of: inventory)
        #expect(
            view.state(of: SampleHost.a100.key)
                == (.missing, "It is allocated to VM trainer-01 and is no longer in the inventory."))
        #expect(view.missing == [SampleHost.a100.key])
    }

    @Test(.requirements("N24", "N25", "N26")) func `know the role of a function by Nova's words`() {
        let inventory = SampleHost.inventory()
        #expect(inventory[SampleHost.parent]?.role.word == "type-PF")
        #expect(inventory[SampleHost.virtual[0]]?.role.word == "type-VF")
        #expect(inventory[SampleHost.a100]?.role.word == "type-PCI")
        let parents = Rule(name: "r", conditions: [Condition(.role, .equal, "type-PF")])
        #expect(inventory.functions.filter { parents.matches($0, on: "atlas") }.map(\.address) == [SampleHost.parent])
    }

    @Test(arguments: 0..<200 as Range<UInt64>) func `agree with the planner`(_ seed: UInt64) {
        let host = RandomHost(seed: seed)
        let view = HostView(inventory: host.inventory, usage: host.usage)
        let planner = Planner(inventory: host.inventory, usage: host.usage)
        for function in host.inventory.functions {
            let unit = host.inventory.unit(of: function.address)!
            let refusal = planner.refusal(for: unit)
            switch view.state(of: function.address.key).state {
            case .free: #expect(refusal == nil, "\(host) \(function.address): \(refusal?.detail ?? "")")
            case .host: #expect(refusal != nil, "\(host) \(function.address)")
            case .blocked, .allocated, .attached, .missing, .quarantined: continue
            }
        }
    }
}
