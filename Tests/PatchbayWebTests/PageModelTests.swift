import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayTesting
import PatchbayText
import Testing

@testable import PatchbayWeb

@Suite struct `Page models` {
    private func bay(_ demo: Demo, chosen: String? = nil) -> BayPage {
        BayPage(
            hosts: demo.hosts, devices: demo.devices, vms: demo.vms, pools: demo.pools.map(\.name), chosen: chosen,
            now: Demo.now)
    }

    @Test func `the Bay has a lane for each NUMA node and one for devices without`() {
        let rack = bay(.atlas).racks[0]
        #expect(rack.lanes.map(\.title) == ["NUMA 0", "NUMA 1", "No NUMA node"])
        #expect(rack.readiness.word == "ready ✓")
    }

    @Test(.requirements("V24")) func `functions of one IOMMU group share a bracket with its number`() throws {
        let brackets = bay(.atlas).racks[0].lanes[0].brackets
        #expect(brackets.map(\.number) == ["15", "16", "1"])
        #expect(brackets[2].jacks.map(\.address) == ["0000:00:14.0", "0000:00:17.0"])
        #expect(brackets[2].label == "IOMMU group 1: 2 devices, lent together")
    }

    @Test func `a jack says its name, address, state, group, node and VM`() {
        let jacks = bay(.atlas).racks[0].lanes[0].brackets.flatMap(\.jacks)
        #expect(jacks[0].spokenName == "A100 PCIe 80GB, 41:00.0, attached, group 15, NUMA 0, attached to trainer-01")
        #expect(jacks[1].spokenName == "A100 PCIe 80GB, 42:00.0, free, group 16, NUMA 0")
        #expect(jacks.map(\.move) == ["pull", "connect", "", ""])
        #expect(jacks[2].obstacle.contains("Shares group 1"))
    }

    @Test(arguments: [
        ("device atlas/41:00.0", "", true), ("device atlas/0000:41:00.0", "", true),
        ("device atlas/42:00.0, atlas/41:00.0", "", true), ("plan p-1", "Prepare 41:00.0: done.", true),
        ("claim night", "It is released.", true),
        ("device big-atlas/41:00.0", "Queued a plan to prepare big-atlas/41:00.0.", false),
        ("device atlas/42:00.0", "It took the place of atlas/41:00.0.", false),
        ("plan p-2", "Prepare atlas/41:00.0: done.", false), ("pool a100", "It matches atlas/0000:41:00.0.", false),
        ("host atlas", "The device at 0000:41:00.0 is now at 0000:51:00.0.", false), ("device", "", false),
    ])
    func `the history of a device is what is about it, not what names it`(
        _ subject: String, _ sentence: String, _ isOwn: Bool
    ) throws {
        let device = try #require(Demo.atlas.devices.first { $0.id == "atlas/0000:41:00.0" })
        var plans = ["p-1", "p-2"].map { Wire.plan($0, "Prepare", phase: "applied", steps: []) }
        plans[0].devices = [device.id]
        plans[1].devices = ["atlas/0000:42:00.0"]
        var claim = try #require(Demo.atlas.claims.first { !$0.devices.isEmpty })
        claim.id = "night"
        claim.devices[0].device = device.id
        let history = DeviceHistory(of: device, plans: plans, claims: [claim])
        #expect(history.concerns(Wire.event(1, "x", subject, sentence, ago: 0)) == isOwn)
    }

    @Test(arguments: [("vm desk", 60_000, true), ("vm desk", 180_000, false), ("vm other", 60_000, false)])
    func `the history of a device is that of the VM that has it, since it has it`(
        _ subject: String, _ ago: Int, _ isOwn: Bool
    ) throws {
        let device = try #require(Demo.atlas.devices.first { $0.id == "atlas/0000:41:00.0" })
        var claim = try #require(Demo.atlas.claims.first { !$0.devices.isEmpty })
        claim.owner = API.ClaimOwner(kind: .vm, name: "desk")
        claim.createdAt = Demo.now - 120_000
        claim.devices[0].device = device.id
        let history = DeviceHistory(of: device, plans: [], claims: [claim])
        #expect(history.concerns(Wire.event(1, "vm.attached", subject, "It holds more.", ago: ago)) == isOwn)
    }

    @Test func `members of a unit light up together`() {
        let jacks = bay(.atlas).racks[0].lanes[1].brackets.flatMap(\.jacks)
        #expect(jacks[0].unit == jacks[1].unit)
        #expect(jacks[0].unit != jacks[2].unit)
    }

    @Test func `VMs stand in the order of their cables`() {
        #expect(bay(.atlas).instruments.map(\.name) == ["trainer-01", "cad-07", "router", "build-3"])
    }

    @Test func `a VM shows what it holds, what is held for it, and what it waits for`() {
        let instruments = bay(.atlas).instruments
        #expect(instruments[0].inlets.map(\.kind) == ["attached", "wish"])
        #expect(instruments[2].inlets.map(\.kind) == ["attached", "allocated"])
        #expect(instruments[3].inlets.isEmpty)
    }

    @Test(arguments: [(24, false), (25, true)])
    func `a host with more than 24 devices folds its lanes`(devices: Int, isFolded: Bool) {
        let rack = bay(.fleet(hosts: 1, devices: devices)).racks[0]
        #expect(rack.lanes.allSatisfy { $0.isFolded == isFolded })
    }

    @Test(arguments: [(6, false), (7, true)])
    func `more than six hosts open as an overview`(hosts: Int, isOverview: Bool) {
        let page = bay(.fleet(hosts: hosts, devices: 2))
        #expect(page.isOverview == isOverview)
        #expect(page.tiles.count == (isOverview ? hosts : 0))
        #expect(page.racks.count == (isOverview ? 0 : hosts))
    }

    @Test func `a chosen host of many shows its own cables only`() {
        let page = bay(.fleet(hosts: 9, devices: 4), chosen: "host-3")
        #expect(page.racks.map(\.name) == ["host-3"])
        #expect(page.instruments.map(\.name) == ["vm-3"])
    }

    @Test func `many virtual functions of one card fold into a bank`() {
        let lane = bay(.card(functions: 8)).racks[0].lanes[0]
        #expect(lane.brackets.isEmpty)
        #expect(lane.banks.map(\.meter) == ["▮▮▯▯▯▯▯▯"])
        #expect(lane.banks.map(\.used) == ["2/8"])
        #expect(bay(.card(functions: 3)).racks[0].lanes[0].banks.isEmpty)
    }

    @Test func `glyphs are those of the vocabulary`() {
        for state in DeviceState.allCases {
            #expect(StateMark(state).glyph == String(state.glyph))
            #expect(StateMark(state).word == state.rawValue)
        }
    }

    @Test func `a VM keeps its colour`() {
        #expect(VMColour.css(for: "trainer-01") == VMColour.css(for: "trainer-01"))
        #expect(Set(Demo.atlas.vms.map { VMColour.css(for: $0.name) }).count > 1)
    }

    @Test(.requirements("P37")) func `guest drivers are hinted at by model`() {
        let hints = GuestDriverHint.hints(for: Demo.atlas.devices.filter { $0.vm == "cad-07" })
        #expect(hints.count == 2)
        #expect(hints[0] == "RTX 4000 Ada: the guest needs NVIDIA's driver for this model and its system.")
    }

    @Test(arguments: [
        ("FCH SATA Controller [AHCI mode]", "FCH SATA Controller"),
        ("MegaRAID SAS 2108 [Liberator]", "MegaRAID SAS 2108"),
        ("82371SB PIIX3 USB [Natoma/Triton II]", "82371SB PIIX3 USB"),
        ("Starship PCIe GPP Bridge [1:0]", "Starship PCIe GPP Bridge"),
        ("MT28908 Family [ConnectX-6]", "ConnectX-6"), ("GA107GL [A2 / A16]", "A2 / A16"),
        ("Raptor Lake-P [Iris Xe Graphics]", "Iris Xe Graphics"), ("[Radeon]", "Radeon"), ("Card []", "Card []"),
        ("Starship Bridge 0 to bus[E:B]", "Starship Bridge 0 to bus"),
    ])
    func `a bracket behind a full name is left out`(_ name: String, _ brief: String) {
        var device = Demo.atlas.devices[0]
        device.deviceName = name
        #expect(device.briefName == brief)
    }

    @Test func `brief names are what stands in the brackets`() {
        var device = Demo.atlas.devices[0]
        #expect(device.briefName == "A100 PCIe 80GB")
        device.deviceName = "Odd ]["
        #expect(device.briefName == "Odd ][")
        device.deviceName = nil
        #expect(device.briefName == "3D controller")
    }

    @Test func `a plan's seal moves with its steps`() {
        let service = Demo.atlas.plans
        func change(_ plans: [API.Plan]) -> API.Change {
            var change = Wire.value(
                API.Change.self,
                ["dryRun": true, "message": "m", "subject": "s", "plans": [Any](), "findings": [Any]()])
            change.plans = plans
            return change
        }
        #expect(SheetPage.seal(of: change([service[0]])) == SheetPage.seal(of: change([service[0]])))
        #expect(SheetPage.seal(of: change([service[0]])) != SheetPage.seal(of: change([service[1]])))
    }

    @Test func `a step that is under way has a clock`() {
        var step = Wire.step(1, "stop", "router", "within 60 s", "running", nil)
        step["startedAt"] = Demo.now - 12_000
        let plan = Wire.plan("p-1", "Stop router", phase: "running", steps: [step])
        let page = Templates.render("page-plan", PlanPage(plan, now: Demo.now), formToken: "")
        #expect(page.contains(">for 12 s</time>"))
    }

    @Test func `a device that stays ready for the next VM is not said to go back to its driver`() {
        let device = Wire.device(
            "atlas", "0000:41:00.0", "A100", group: 15, numa: 0, driver: "vfio-pci", .attached, vm: "trainer-01",
            pools: ["a100"], binding: ["originalDriver": "nvidia", "plan": "p-1", "staysReady": true])
        #expect(
            DeviceHandover.words(of: device, refusal: nil) == [
                "trainer-01 has it until it stops; then it stays on vfio-pci, ready for the next VM."
            ])
    }
}
