import PatchbayCore
import PatchbayTesting
import Testing

@testable import patchbay_conformance

/// What a host tells OpenStack's placement, by small examples on one host named atlas.
@Suite struct `Nova's placement view` {
    private static let gpu = device("41:00.0", "10de:20b5")
    private static let parent = device("3b:00.0", "15b3:1017", type: "type-PF")
    private static let children = (0..<2).map { device("3b:01.\($0)", "15b3:1018", type: "type-VF", of: "3b:00.0") }
    private static let all = [gpu, parent] + children

    private static let gpuName = "atlas_0000:41:00.0"
    private static let cardName = "atlas_0000:3B:00.0"
    private static let ownTraits = ["COMPUTE_MANAGED_PCI_DEVICE", "OWNER_NOVA"]

    private static func device(
        _ address: String, _ id: String, type: String = "type-PCI", of parent: String? = nil
    ) -> NovaDevice {
        let ids = id.split(separator: ":").map { UInt16($0, radix: 16)! }
        return NovaDevice(
            type: type, address: try! PCIAddress(address), vendor: ids[0], product: ids[1],
            parent: parent.map { try! PCIAddress($0) })
    }

    private func reporting(_ specs: String, isOn: Bool = true) throws -> NovaReporting {
        let facts = NovaHost(
            parents: [
                Self.parent.address: .init(id: PCIID(vendor: 0x15b3, device: 0x1017), virtualProduct: 0x1018)
            ], interfaces: ["ens1": Self.parent.address])
        return NovaReporting(
            host: "atlas", specs: try NovaDeviceSpec.parse(specs, on: facts, reportsToPlacement: true), facts: facts,
            isOn: isOn)
    }

    /// - Parameter holders: who holds the device at an address.
    private func view(
        _ specs: String, holders: [String: String] = [:], known: NovaPlacement = NovaPlacement(),
        leaving: Set<String> = [], isOn: Bool = true
    ) throws -> NovaView {
        let devices = Self.all.map { NovaTrackedDevice($0, holder: holders[$0.address.short]) }
        return try reporting(specs, isOn: isOn).view(of: devices, over: known, leaving: leaving)
    }

    private func refusal(
        _ specs: String, holders: [String: String] = [:], known: NovaPlacement = NovaPlacement(), isOn: Bool = true
    ) throws -> NovaRefusal {
        try #require(throws: NovaRefusal.self) { try view(specs, holders: holders, known: known, isOn: isOn) }
    }

    /// What placement knows after one GPU was reported and given to `web`, which also has processors.
    private func afterwards(
        _ name: String = gpuName, _ resourceClass: String = "CUSTOM_PCI_10DE_20B5", amount: Int = 1,
        reserved: Int = 0
    ) -> NovaPlacement {
        NovaPlacement(
            providers: [
                NovaProvider(
                    name: name, traits: Self.ownTraits,
                    inventories: [resourceClass: NovaInventory(total: amount, reserved: reserved)])
            ], allocations: ["web": ["atlas": ["VCPU": 2], name: [resourceClass: amount]]])
    }

    // MARK: what is there

    @Test(.requirements("N62")) func `is empty until reporting is turned on`() throws {
        #expect(!NovaReporting(host: "atlas", specs: []).isOn)
        let known = NovaPlacement(allocations: ["web": ["atlas": ["VCPU": 2]]])
        let view = try view(
            "[{\"vendor_id\": \"10de\"}, {\"devname\": \"ens1\"}]", holders: ["41:00.0": "web"], known: known,
            isOn: false)
        #expect(view.placement == known)
        #expect(!view.isHealed)
    }

    @Test(.requirements("N64", "N65", "N67")) func `has a provider for each card, named after host and address`() throws
    {
        let view = try view("[{\"vendor_id\": \"10de\"}, {\"vendor_id\": \"15b3\", \"product_id\": \"1017\"}]")
        #expect(
            view.placement.providers == [
                NovaProvider(
                    name: Self.cardName, traits: Self.ownTraits,
                    inventories: ["CUSTOM_PCI_15B3_1017": NovaInventory(total: 1)]),
                NovaProvider(
                    name: Self.gpuName, traits: Self.ownTraits,
                    inventories: ["CUSTOM_PCI_10DE_20B5": NovaInventory(total: 1)]),
            ])
    }

    @Test(.requirements("N66")) func `counts virtual functions under their physical one`() throws {
        let view = try view("{\"product_id\": \"1018\"}")
        #expect(view.placement.providers.map(\.name) == [Self.cardName])
        let inventory = view.placement.providers[0].inventories["CUSTOM_PCI_15B3_1018"]
        #expect(inventory?.total == 2)
        #expect(inventory?.maxUnit == 2)
        #expect(inventory?.reserved == 0)
    }

    @Test(.requirements("N68", "N69")) func `takes class and traits from the entry`() throws {
        let view = try view(
            "{\"vendor_id\": \"10de\", \"resource_class\": \"gpu-big\", \"traits\": \"HW_GPU_API_VULKAN,red\", "
                + "\"live_migratable\": \"yes\", \"one_time_use\": \"yes\"}")
        let provider = try #require(view.placement.providers.first)
        #expect(Array(provider.inventories.keys) == ["CUSTOM_GPU_BIG"])
        #expect(
            provider.traits == [
                "COMPUTE_MANAGED_PCI_DEVICE", "CUSTOM_RED", "HW_GPU_API_VULKAN", "HW_PCI_LIVE_MIGRATABLE",
                "HW_PCI_ONE_TIME_USE", "OWNER_NOVA",
            ])
    }

    @Test(.requirements("N71")) func `leaves out what is for a network, but not for an overlay`() throws {
        #expect(try view("{\"vendor_id\": \"10de\", \"physical_network\": \"lan\"}").placement.providers.isEmpty)
        #expect(try view("{\"vendor_id\": \"10de\", \"physical_network\": null}").placement.providers.count == 1)
    }

    @Test(.requirements("N79")) func `is asked for devices only when every host has one`() throws {
        var hosts = ["atlas", "boreas", "ceres"].map { NovaReporting(host: $0, specs: [], isOn: $0 == "boreas") }
        let refusal = try #require(throws: NovaRefusal.self) { try NovaReporting.checkScheduling(over: hosts) }
        #expect(refusal.sentence == "Placement cannot choose by devices yet: atlas, ceres do not report them.")
        for index in hosts.indices { hosts[index].isOn = true }
        try NovaReporting.checkScheduling(over: hosts)
    }

    @Test(.requirements("N79", "N80")) func `is turned on and healed host by host before it is asked for devices`()
        throws
    {
        var atlas = try reporting("{\"vendor_id\": \"10de\"}", isOn: false)
        var boreas = NovaReporting(host: "boreas", specs: [])
        let before = NovaPlacement(allocations: ["web": ["atlas": ["VCPU": 2]]])
        let devices = [NovaTrackedDevice(Self.gpu, holder: "web")]
        #expect(try atlas.view(of: devices, over: before).placement == before)
        atlas.isOn = true
        let first = try atlas.view(of: devices, over: before)
        #expect(first.isHealed)
        #expect(
            first.placement.allocations == ["web": ["atlas": ["VCPU": 2], Self.gpuName: ["CUSTOM_PCI_10DE_20B5": 1]]])
        #expect(throws: NovaRefusal.self, "boreas is still to come") {
            try NovaReporting.checkScheduling(over: [atlas, boreas])
        }
        boreas.isOn = true
        try NovaReporting.checkScheduling(over: [atlas, boreas])
        #expect(try !atlas.view(of: devices, over: first.placement).isHealed, "nothing is left to heal")
    }

    // MARK: what is refused

    @Test(.requirements("N63")) func `cannot be turned off again`() throws {
        let refusal = try refusal("[]", known: afterwards(), isOn: false)
        #expect(refusal.kind == .unreportable)
        #expect(refusal.sentence.contains(Self.gpuName))
    }

    @Test(
        .requirements("N12", "N72"),
        arguments: [
            "{\"vendor_id\": \"15b3\"}", "{\"address\": \"0000:3b:00.0\"}",
            "[{\"product_id\": \"1018\"}, {\"product_id\": \"1017\", \"resource_class\": \"other\"}]",
        ]) func `never has a physical function and virtual ones of it at once`(_ specs: String) throws
    {
        let refusal = try refusal(specs)
        #expect(refusal.kind == .dependentDevices)
        #expect(refusal.sentence.contains("0000:3b:00.0") && refusal.sentence.contains("0000:3b:01."))
    }

    @Test(
        .requirements("N70"),
        arguments: [
            (
                "[{\"address\": \"3b:01.0\", \"resource_class\": \"fast\"}, {\"product_id\": \"1018\"}]",
                NovaRefusal.Kind.mixedClasses, "CUSTOM_FAST"
            ),
            (
                "[{\"address\": \"3b:01.0\", \"traits\": \"red\"}, {\"product_id\": \"1018\", \"traits\": \"blue\"}]",
                .mixedTraits, "CUSTOM_BLUE, CUSTOM_RED"
            ),
            (
                "[{\"address\": \"3b:01.0\", \"live_migratable\": \"yes\"}, {\"product_id\": \"1018\"}]", .mixedTraits,
                "HW_PCI_LIVE_MIGRATABLE"
            ),
        ])
    func `wants virtual functions of one card to be alike`(
        _ specs: String, _ kind: NovaRefusal.Kind, _ words: String
    ) throws {
        let refusal = try refusal(specs)
        #expect(refusal.kind == kind)
        #expect(refusal.sentence.contains(words), "\(refusal.sentence)")
    }

    @Test func `takes one class that is said in two ways`() throws {
        let specs =
            "[{\"address\": \"3b:01.0\", \"resource_class\": \"custom_pci_15b3_1018\"}, {\"product_id\": \"1018\"}]"
        #expect(try view(specs).placement.providers[0].inventories["CUSTOM_PCI_15B3_1018"]?.total == 2)
    }

    @Test(.requirements("N13")) func `refuses interfaces by name`() throws {
        let refusal = try refusal("{\"devname\": \"ens1\"}")
        #expect(refusal.kind == .unreportable)
        #expect(refusal.sentence.contains("\"ens1\""))
        #expect(refusal.problem.next.count == 1)
    }

    @Test(arguments: ["yes", "no"]) func `refuses one_time_use of virtual functions`(_ word: String) throws {
        let refusal = try refusal("{\"product_id\": \"1018\", \"one_time_use\": \"\(word)\"}")
        #expect(refusal.kind == .unreportable)
        #expect(refusal.sentence.contains("one_time_use"))
    }

    // MARK: healing

    @Test(.requirements("N73")) func `writes down what guests hold already`() throws {
        let known = NovaPlacement(allocations: ["web": ["atlas": ["VCPU": 2]], "db": ["atlas": ["VCPU": 4]]])
        let view = try view(
            "[{\"vendor_id\": \"10de\"}, {\"product_id\": \"1018\"}]",
            holders: ["41:00.0": "web", "3b:01.0": "web", "3b:01.1": "web"], known: known)
        #expect(view.isHealed)
        #expect(
            view.placement.allocations == [
                "web": [
                    "atlas": ["VCPU": 2], Self.gpuName: ["CUSTOM_PCI_10DE_20B5": 1],
                    Self.cardName: ["CUSTOM_PCI_15B3_1018": 2],
                ], "db": ["atlas": ["VCPU": 4]],
            ])
    }

    @Test(.requirements("N73")) func `corrects what is wrong, and does nothing twice`() throws {
        var known = afterwards()
        known.allocations["web"]?[Self.gpuName] = ["CUSTOM_PCI_10DE_20B5": 3]
        let first = try view("{\"vendor_id\": \"10de\"}", holders: ["41:00.0": "web"], known: known)
        #expect(first.isHealed)
        #expect(first.placement.allocations["web"]?[Self.gpuName] == ["CUSTOM_PCI_10DE_20B5": 1])
        let second = try view("{\"vendor_id\": \"10de\"}", holders: ["41:00.0": "web"], known: first.placement)
        #expect(!second.isHealed)
        #expect(second.placement.allocations == first.placement.allocations)
    }

    @Test(.requirements("N74")) func `leaves guests alone that are being moved`() throws {
        let known = NovaPlacement(allocations: ["web": ["atlas": ["VCPU": 2]]])
        for (holder, leaving) in [("stranger", Set<String>()), ("web", ["web"])] {
            let view = try view(
                "{\"vendor_id\": \"10de\"}", holders: ["41:00.0": holder], known: known, leaving: leaving)
            #expect(!view.isHealed)
            #expect(view.placement.allocations == known.allocations)
        }
        let later = try view("{\"vendor_id\": \"10de\"}", holders: ["41:00.0": "web"], known: known)
        #expect(later.isHealed, "once the move is over")
    }

    // MARK: other settings later

    @Test(.requirements("N75")) func `adds devices that settings name later`() throws {
        let first = try view("{\"vendor_id\": \"10de\"}", holders: ["41:00.0": "web"], known: afterwards())
        let second = try view(
            "[{\"vendor_id\": \"10de\"}, {\"product_id\": \"1018\"}]", holders: ["41:00.0": "web"],
            known: first.placement)
        #expect(second.placement.providers.map(\.name) == [Self.cardName, Self.gpuName])
        #expect(second.placement.allocations == first.placement.allocations)
    }

    @Test(.requirements("N76")) func `forgets devices that nobody has, and touches nothing of others`() throws {
        var known = try view("[{\"vendor_id\": \"10de\"}, {\"product_id\": \"1018\"}]").placement
        let other = NovaProvider(
            name: "shared", traits: ["CUSTOM_X"], inventories: ["DISK_GB": NovaInventory(total: 9)])
        known.providers.append(other)
        let view = try view("{\"product_id\": \"1018\"}", known: known)
        #expect(view.placement.providers.map(\.name) == [Self.cardName, "shared"])
        #expect(view.placement.providers.last == other)
        #expect(view.warnings.isEmpty)
    }

    @Test(.requirements("N77")) func `keeps a device that is held, and warns`() throws {
        let view = try view("{\"product_id\": \"1018\"}", holders: ["41:00.0": "web"], known: afterwards())
        #expect(view.placement.providers.last == afterwards().providers[0])
        #expect(view.placement.allocations == afterwards().allocations)
        #expect(view.warnings.map(\.holder) == ["web"])
        #expect(view.warnings[0].sentence.contains("0000:41:00.0") && view.warnings[0].sentence.contains("web"))
    }

    @Test(.requirements("N77")) func `still counts a virtual function that is held and named no more`() throws {
        let known = afterwards(Self.cardName, "CUSTOM_PCI_15B3_1018")
        let view = try view("{\"address\": \"3b:01.1\"}", holders: ["3b:01.0": "web"], known: known)
        #expect(view.placement.providers[0].inventories["CUSTOM_PCI_15B3_1018"]?.total == 2)
        #expect(view.placement.allocations == known.allocations)
        #expect(view.warnings.map(\.address) == [Self.children[0].address])
    }

    @Test(.requirements("N78")) func `does not take a held card apart, nor put held functions together`() throws {
        let whole = try refusal(
            "{\"product_id\": \"1018\"}", holders: ["3b:00.0": "web"],
            known: afterwards(Self.cardName, "CUSTOM_PCI_15B3_1017"))
        #expect(whole.kind == .dependentDevices)
        #expect(whole.sentence.contains("0000:3b:00.0") && whole.sentence.contains("web"))
        let parts = try refusal(
            "{\"product_id\": \"1017\"}", holders: ["3b:01.1": "web"],
            known: afterwards(Self.cardName, "CUSTOM_PCI_15B3_1018"))
        #expect(parts.kind == .dependentDevices)
        #expect(parts.sentence.contains("0000:3b:01.1"))
    }

    @Test func `refuses to forget a provider that is allocated from`() throws {
        let refusal = try refusal(
            "{\"vendor_id\": \"10de\", \"physical_network\": \"lan\"}", holders: ["41:00.0": "web"], known: afterwards()
        )
        #expect(refusal.kind == .stillAllocated)
        #expect(refusal.sentence.contains("web") && refusal.sentence.contains(Self.gpuName))
    }

    @Test func `reserves what can be used once from the moment it is given, and never takes that back`() throws {
        let spec = "{\"vendor_id\": \"10de\", \"one_time_use\": \"true\"}"
        func reserved(_ holders: [String: String], _ known: NovaPlacement) throws -> Int? {
            try view(spec, holders: holders, known: known).placement.providers[0]
                .inventories["CUSTOM_PCI_10DE_20B5"]?.reserved
        }
        #expect(try reserved([:], NovaPlacement()) == 0)
        #expect(try reserved(["41:00.0": "web"], afterwards()) == 1)
        var cleaned = afterwards(reserved: 1)
        cleaned.allocations = [:]
        #expect(try reserved([:], cleaned) == 1, "until somebody else says that it is clean")
    }
}
