import PatchbayCore
import PatchbayTesting
import Testing

/// A GPU that shares its group with a function of the chipset, as boards with dummy host bridges have it.
@Suite struct `Group mates that the chipset has` {
    private static let gpu = SampleHost.address("41:00.0")
    private static let audio = SampleHost.address("41:00.1")
    private static let dummy = SampleHost.address("40:03.0")
    private static let port = SampleHost.address("40:03.1")

    private static func inventory(
        driver: String? = nil, uses: [HostUse] = [HostUse(.chipset, .critical, chain: ["host bridge", "0000:40:03.0"])]
    ) -> Inventory {
        Inventory(
            host: HostFacts(name: "atlas"),
            readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true),
            functions: [
                SampleHost.function(dummy, 0x1022, 0x1482, 0x060000, "Dummy Bridge", driver: driver, group: 44),
                SampleHost.function(port, 0x1022, 0x1483, 0x060400, "Port", driver: "pcieport", group: 44, header: 1),
                SampleHost.function(gpu, 0x10de, 0x20b5, 0x030200, "A100", driver: nil, group: 44),
                SampleHost.function(audio, 0x10de, 0x22bc, 0x040300, "Audio", driver: nil, group: 44),
            ],
            groups: [IOMMUGroup(id: IOMMUGroupID(44), members: [dummy, port, gpu, audio])],
            hostUses: [dummy.key: uses, port.key: [HostUse(.bridge, .critical, chain: ["0000:40:03.1"])]])
    }

    @Test(.requirements("V16"), arguments: [nil, "pci-stub", "vfio-pci"] as [String?])
    func `are parked and let the device go`(_ driver: String?) throws {
        let inventory = Self.inventory(driver: driver)
        let view = SampleHost.view(of: inventory)
        #expect(view.state(of: Self.gpu.key).state == .free)
        #expect(view.state(of: Self.audio.key).state == .free)
        #expect(view.state(of: Self.dummy.key).state == .host)
        let unit = try #require(inventory.unit(of: Self.gpu))
        #expect(unit.companions == [Self.audio.key])
        #expect(unit.bridges == [Self.dummy, Self.port])
        let plan = try Planner(inventory: inventory, usage: Usage()).plan(.prepare([unit]), id: "p-1")
        #expect(!plan.steps.contains { $0.device == Self.dummy.key })
        let codes = plan.findings.map { "\($0.code) \($0.subject)" }
        #expect(codes.contains("companion-goes-along atlas/0000:41:00.1"))
        #expect(codes.contains("mate-parked atlas/0000:40:03.0"))
        #expect(codes.contains("bridge-stays atlas/0000:40:03.1"))
    }

    @Test func `are told by the doctor as parked, or as what keeps the others`() {
        let groups = { (inventory: Inventory) in Doctor.examine(inventory).checks.first { $0.code == "groups" } }
        let parked = groups(Self.inventory())
        #expect(parked?.evidence == ["group 44: 41:00.0, 41:00.1; parked: 40:03.0"])
        #expect(parked?.reason == "1 group has several devices, which are lent together.")
        #expect(parked?.fix == [])
        let kept = groups(Self.inventory(driver: "lpc_ich"))
        #expect(
            kept?.evidence == [
                "group 44: 40:03.0, 41:00.0, 41:00.1; the host needs 40:03.0, so the others cannot be lent"
            ])
        #expect(
            kept?.reason.hasSuffix("In 1 of them the host needs one device, so the others cannot be lent either.")
                == true)
    }

    @Test(.requirements("V22")) func `block it while a driver of the host works with them`() throws {
        let inventory = Self.inventory(driver: "lpc_ich")
        #expect(SampleHost.view(of: inventory).state(of: Self.gpu.key).state == .blocked)
        let planner = Planner(inventory: inventory, usage: Usage())
        #expect(planner.refusal(for: try #require(inventory.unit(of: Self.gpu)))?.code == .groupNotIsolated)
    }

    @Test(
        .requirements("V22"),
        arguments: [
            HostUse(.management, .critical, chain: ["IPMI interface", "0000:40:03.0"]),
            HostUse(.mount, .inUse, chain: ["/srv", "sda", "0000:40:03.0"]),
            HostUse(.defaultRoute, .unknown, chain: ["routes are not known", "0000:40:03.0"]),
        ])
    func `block it when the host needs them for more`(_ use: HostUse) {
        let part = HostUse(.chipset, .critical, chain: ["system peripheral", "0000:40:03.0"])
        for uses in [[use], [part, use]] {
            let view = SampleHost.view(of: Self.inventory(uses: uses))
            #expect(view.state(of: Self.gpu.key).state == .blocked)
        }
    }

    @Test func `are named as what blocks it when a driver comes to work with them later`() throws {
        let unit = try #require(Self.inventory().unit(of: Self.gpu))
        let now = Self.inventory(driver: "lpc_ich")
        #expect(now.unit(of: Self.gpu)?.members != unit.members)
        #expect(Planner(inventory: now, usage: Usage()).refusal(for: unit)?.code == .groupNotIsolated)
    }

    @Test func `stay parked while somebody has the group open on VFIO`() throws {
        let part = HostUse(.chipset, .critical, chain: ["host bridge", "0000:40:03.0"])
        func unit(_ node: String) -> DeviceUnit? {
            let open = HostUse(.holder, .inUse, chain: ["qemu-system-x86", node, "0000:40:03.0"])
            return Self.inventory(uses: [part, open]).unit(of: Self.gpu)
        }
        #expect(unit("/dev/vfio/44")?.bridges == [Self.dummy, Self.port])
        #expect(unit("/dev/ipmi0")?.bridges == [Self.port])
    }

    @Test func `are in no unit that is placed`() throws {
        let view = SampleHost.view(Usage(pools: [SampleHost.everything]), of: Self.inventory())
        guard case .fits(let units) = view.place([Request(name: "any", target: .pool("everything"))]) else {
            Issue.record("the GPU is free")
            return
        }
        #expect(units.map(\.unit.members) == [[Self.gpu.key, Self.audio.key]])
        #expect(units.map(\.unit.bridges) == [[Self.dummy, Self.port]])
    }
}
