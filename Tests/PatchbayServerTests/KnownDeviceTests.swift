import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import PatchbayText
import Testing

/// A host whose bus is numbered anew, whose cards are swapped, whose groups change: what that means for rules and VMs.
@Suite struct `Devices that are not what they were` {
    private static let old = SampleHost.gpuA
    private static let new = SampleHost.address("51:00.0")
    private static let stick = USBAddress(kernelName: "1-4")!
    private static let webcam = USBAddress(kernelName: "1-5")!

    /// The card in the slot says this number.
    private static func serial(
        _ number: String, at address: PCIAddress = old
    ) -> @Sendable (inout Inventory) -> Void {
        { inventory in
            guard let index = inventory.index(of: address) else { return }
            inventory.functions[index].details = PCIDetails(serials: [DeviceSerial(.dsn, number)])
        }
    }

    /// The bus is numbered anew: the same place, another address.
    private static func renumber(_ inventory: inout Inventory) {
        guard let index = inventory.index(of: old), let group = inventory.functions[index].iommuGroup else { return }
        inventory.functions[index].address = new
        inventory.functions.sort { $0.address < $1.address }
        for index in inventory.groups.indices where inventory.groups[index].id == group {
            inventory.groups[index].members = [new]
        }
    }

    /// A kernel that cannot tell the two cards apart any more.
    private static func merge(_ inventory: inout Inventory) {
        move(SampleHost.gpuB, to: 15, &inventory)
    }

    private static func move(_ address: PCIAddress, to group: Int, _ inventory: inout Inventory) {
        let id = IOMMUGroupID(group)
        guard let index = inventory.index(of: address) else { return }
        inventory.functions[index].iommuGroup = id
        for index in inventory.groups.indices { inventory.groups[index].members.removeAll { $0 == address } }
        if let index = inventory.groups.firstIndex(where: { $0.id == id }) {
            inventory.groups[index].members.append(address)
        } else {
            inventory.groups.append(IOMMUGroup(id: id, members: [address]))
        }
    }

    private static func plugIn(_ inventory: inout Inventory) {
        inventory.usb = [
            usb(stick, 0x0951, 0x1666, serial: "E0D55EA574"), usb(webcam, 0x046d, 0x0825),
        ]
    }

    private static func usb(_ port: USBAddress, _ vendor: UInt16, _ product: UInt16, serial: String? = nil) -> USBDevice
    {
        USBDevice(
            address: port, port: USBPort(controller: SampleHost.usb), deviceNumber: 3, vendor: vendor,
            product: product, serial: serial, isSerialUnique: serial != nil,
            interfaces: [USBInterface(number: 0, interfaceClass: 0xff)])
    }

    private static func change(
        _ scene: Scene, _ change: @escaping @Sendable (inout Inventory) -> Void
    ) async throws {
        await scene.agent.change(host: change)
        try await scene.agent.report()
    }

    private static func start(_ vm: String, _ scene: Scene, allowing code: ProblemCode? = nil) async throws {
        let risk = try code.flatMap { try TakenRisk.said(allow: $0.rawValue, reason: "it is a spare") }
        _ = try await TakenRisk.$current.withValue(risk) { try await scene.plane.startVM(vm, dryRun: false) }
        try await scene.agent.work()
    }

    private static func stop(_ vm: String, _ scene: Scene) async throws {
        _ = try await scene.plane.stopVM(vm, API.PowerRequest(force: true), dryRun: false)
        try await scene.agent.work()
    }

    private static func devices(of vm: String, _ scene: Scene) async throws -> [String] {
        try await scene.plane.vm(vm).now.filter { !$0.isCompanion }.map(\.device)
    }

    /// VM one asks for the card with the serial number by name.
    private static func asking(_ kind: StoreKind = .memory, _ body: (Scene) async throws -> Void) async throws {
        try await Scene.with(kind) { scene in
            try await change(scene, serial("A0-36-9F-01"))
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(device: "atlas/41:00.0"), to: "one", dryRun: false)
            try await body(scene)
        }
    }

    // MARK: moved

    @Test(.requirements("C2", "D7"), arguments: StoreKind.allCases)
    func `are followed by the rules and by VMs that are off, and that is said`(_ kind: StoreKind) async throws {
        try await Self.asking(kind) { scene in
            try await Self.change(scene, Self.renumber)
            let vm = try await scene.plane.vm("one")
            #expect(vm.requests.map(\.device) == ["atlas/0000:51:00.0"])
            #expect(vm.known?.map(\.device) == ["atlas/0000:51:00.0"])
            #expect(vm.known?.first?.movedFrom == "atlas/0000:41:00.0")
            #expect(vm.findings.map(\.code) == ["device-moved"])
            let pool = try await scene.plane.pool("gpus")
            #expect(pool.rules.map(\.madeFrom) == ["atlas/0000:51:00.0"])
            #expect(pool.rules[0].conditions.contains { $0.field == "address" && $0.value == "0000:51:00.0" })
            #expect(pool.rules[0].name.hasPrefix("atlas/51:00.0 "))
            #expect(pool.devices.map(\.address) == ["0000:51:00.0"] && pool.findings.isEmpty)
            let moved = try await scene.plane.events(limit: 20).filter { $0.kind == "device.moved" }
            #expect(moved.map(\.sentence) == ["The device at 0000:41:00.0 is now at 0000:51:00.0."])
            try await Self.start("one", scene)
            #expect(try await Self.devices(of: "one", scene) == ["atlas/0000:51:00.0"])
            #expect(try await scene.plane.vm("one").findings.isEmpty)
        }
    }

    @Test(.requirements("C2", "C18")) func `of USB are followed by serial number to another port`() async throws {
        try await Scene.with { scene in
            try await Self.change(scene, Self.plugIn)
            try await scene.makePool("usb", ["usb-1-4", "usb-1-5"])
            for device in ["usb-1-4", "usb-1-5"] {
                _ = try await scene.plane.attach(API.AttachRequest(device: device), to: "one", dryRun: false)
            }
            try await Self.change(scene) { inventory in
                inventory.usb = [
                    Self.usb(USBAddress(kernelName: "2-7")!, 0x0951, 0x1666, serial: "E0D55EA574"),
                    Self.usb(Self.webcam, 0x1050, 0x0407),
                ].sorted { $0.address < $1.address }
            }
            let vm = try await scene.plane.vm("one")
            #expect(vm.requests.map(\.device) == ["atlas/usb-2-7", "atlas/usb-1-5"])
            #expect(vm.findings.map(\.code) == ["device-moved", "device-changed"])
            let refusal = try await problem { try await Self.start("one", scene) }
            #expect(refusal.code == .deviceChanged)
            #expect(refusal.evidence.prefix(2).map { $0.suffix(15) } == ["model 046d:0825", "model 1050:0407"])
        }
    }

    // MARK: changed

    @Test(.requirements("C2"), arguments: StoreKind.allCases)
    func `are not given to a VM that asks for another one by name, until a person allows it`(
        _ kind: StoreKind
    ) async throws {
        try await Self.asking(kind) { scene in
            try await Self.change(scene, Self.serial("A0-36-9F-99"))
            let refusal = try await problem { try await Self.start("one", scene) }
            #expect(refusal.code == .deviceChanged)
            #expect(
                refusal.detail == "\"one\" is held: the device at atlas/41:00.0 is not the one that it had.")
            #expect(refusal.evidence[0].hasPrefix("expected: device serial number A0-36-9F-01;"))
            #expect(refusal.evidence[1].hasPrefix("at 0000:41:00.0: device serial number A0-36-9F-99;"))
            #expect(
                refusal.next.lines == [
                    "Put the device back where it was.",
                    "Or lend the device that is there now:  patchbay device passthrough atlas/41:00.0 --pool gpus",
                    "Or accept the device that is there now:  patchbay vm start one --allow device-changed --reason "
                        + "TEXT",
                    "Or detach it and attach another:  patchbay detach 41:00.0-1 --from one",
                ])
            #expect(try await scene.plane.vm("one").findings.map(\.code) == ["device-changed"])
            let fit = try await scene.plane.explainVM("one").hosts.first?.devices.first
            #expect(fit?.reason?.code == .deviceChanged)
            #expect(try await scene.plane.pool("gpus").findings.contains { $0.code == "device-changed" })

            try await scene.makePool()
            #expect(try await scene.plane.pool("gpus").rules.count == 1)
            #expect(try await problem { try await Self.start("one", scene) }.code == .deviceChanged)
            try await Self.start("one", scene, allowing: .deviceChanged)
            #expect(try await Self.devices(of: "one", scene) == ["atlas/0000:41:00.0"])
            let told = try await scene.plane.events(limit: 50).map(\.sentence)
            #expect(told.contains { $0.contains("Allowed: device-changed, because: it is a spare.") })
            try await Self.stop("one", scene)
            try await Self.start("one", scene)
        }
    }

    @Test(.requirements("C2")) func `are what they were again once they are put back`() async throws {
        try await Self.asking { scene in
            try await Self.change(scene, Self.serial("A0-36-9F-99"))
            try await Self.change(scene, Self.serial("A0-36-9F-01"))
            #expect(try await scene.plane.vm("one").findings.isEmpty)
            try await Self.start("one", scene)
        }
    }

    @Test(.requirements("C2")) func `are in no pool by a rule that was made from another, until it is made anew`()
        async throws
    {
        try await Scene.with { scene in
            try await Self.change(scene, Self.serial("A0-36-9F-01"))
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            try await Self.change(scene, Self.serial("A0-36-9F-99"))
            #expect(try await scene.plane.pool("gpus").devices.isEmpty)
            let refusal = try await problem { try await Self.start("one", scene) }
            #expect(refusal.code == .noFit)
            #expect(
                refusal.evidence.contains { $0.contains("was made for another device") && $0.contains("A0-36-9F-99") })
            #expect(
                refusal.next.lines.contains { $0.hasSuffix("patchbay device passthrough atlas/41:00.0 --pool gpus") })
            try await scene.makePool()
            #expect(try await scene.plane.pool("gpus").devices.map(\.address) == ["0000:41:00.0"])
            try await Self.start("one", scene)
        }
    }

    @Test func `are still known when the pool is edited, and by a policy that is put in force again`() async throws {
        try await Self.asking { scene in
            let pool = try await scene.plane.pool("gpus")
            _ = try await scene.plane.editPool(
                "gpus", API.PoolDraft(description: "all", rules: pool.rules), revision: nil, dryRun: false)
            let after = try await scene.plane.pool("gpus")
            #expect(after.rules[0].knownBy?.first == "device serial number A0-36-9F-01")
            let same = try await scene.plane.applyPolicy(
                API.PolicyDraft(pools: [API.PoolDraft(try after.definition)]), dryRun: false)
            #expect(same.differences?.map(\.action) == [.unchanged])
        }
    }

    // MARK: groups

    @Test(.requirements("C7"), arguments: [true, false])
    func `by their group hold the VM that had them, until a person allows it`(_ isByName: Bool) async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            let wish = isByName ? API.AttachRequest(device: "41:00.0") : API.AttachRequest(pool: "gpus")
            for vm in ["one", "two"] { _ = try await scene.plane.attach(wish, to: vm, dryRun: false) }
            try await Self.start("one", scene)
            try await Self.stop("one", scene)
            try await Self.change(scene, Self.merge)
            let refusal = try await problem { try await Self.start("one", scene) }
            #expect(refusal.code == .groupChanged)
            #expect(
                refusal.evidence == [
                    "The IOMMU group of 0000:41:00.0 changed since the last start: "
                        + "0000:42:00.0 NVIDIA Corporation A100 PCIe 80GB came."
                ])
            #expect(
                refusal.next.lines.last?.hasSuffix("patchbay vm start one --allow group-changed --reason TEXT") == true)
            #expect(try await scene.plane.vm("one").findings.map(\.code) == ["group-changed"])
            #expect(try await scene.plane.explainVM("one").hosts.first?.reason?.code == .groupChanged)
            #expect(try await scene.plane.vm("two").findings.isEmpty, "it has never been started")

            try await Self.start("one", scene, allowing: .groupChanged)
            #expect(try await scene.plane.vm("one").now.map(\.isCompanion) == [false, true])
            try await Self.stop("one", scene)
            try await Self.start("one", scene)
        }
    }

    @Test(.requirements("C7")) func `by what left their group are told as well`() async throws {
        try await Scene.with { scene in
            try await scene.makePool("cards", ["c1:00.0"])
            _ = try await scene.plane.attach(API.AttachRequest(pool: "cards"), to: "one", dryRun: false)
            try await Self.start("one", scene)
            try await Self.stop("one", scene)
            try await Self.change(scene) { Self.move(SampleHost.audio, to: 32, &$0) }
            let refusal = try await problem { try await Self.start("one", scene) }
            #expect(refusal.code == .groupChanged)
            #expect(refusal.evidence[0].hasSuffix("10de:22bc function 1 of its card went."))
        }
    }

    // MARK: the same again

    private static let disks = ["61:00.0", "62:00.0"].map { SampleHost.address($0) }

    /// Two VMs that ask for one of two disks each.
    private static func sharing(_ sticky: Pool.Stickiness? = nil, _ body: (Scene) async throws -> Void) async throws {
        var inventory = SampleHost.inventory()
        for (number, disk) in disks.enumerated() {
            let at = inventory.functions.firstIndex { $0.address > disk } ?? inventory.functions.endIndex
            inventory.functions.insert(
                SampleHost.function(disk, 0x144d, 0xa808, 0x010802, group: 61 + number, driver: "nvme", "NVMe disk"),
                at: at)
            inventory.groups.append(IOMMUGroup(id: IOMMUGroupID(61 + number), members: [disk]))
        }
        try await Scene.with(ManualTime(), inventory) { scene in
            let rule = API.Rule(
                name: "nvme", conditions: [API.Condition(field: "class", comparison: "^=", value: "0108")])
            _ = try await scene.plane.createPool(
                API.PoolDraft(name: "disks", rules: [rule], sticky: sticky), dryRun: false)
            for vm in ["one", "two"] {
                _ = try await scene.plane.attach(API.AttachRequest(pool: "disks"), to: vm, dryRun: false)
            }
            try await start("two", scene)
            try await start("one", scene)
            #expect(try await devices(of: "one", scene) == ["atlas/0000:62:00.0"])
            for vm in ["one", "two"] { try await stop(vm, scene) }
            try await body(scene)
        }
    }

    private static func take(_ device: String, _ scene: Scene) async throws {
        let claim = API.ClaimDraft(
            id: "backup", owner: API.ClaimOwner(kind: .system, name: "backup"),
            requests: [API.RequestDraft(device: device)])
        _ = try await scene.plane.createClaim(claim, dryRun: false)
    }

    @Test(.requirements("C3")) func `are the same again at the next start, and that is shown`() async throws {
        try await Self.sharing { scene in
            #expect(try await scene.plane.vm("one").atNextStart == ["disks-1: 1 of pool disks, again atlas/62:00.0"])
            #expect(try await scene.plane.pool("disks").sticky == .storage)
            try await Self.start("one", scene)
            #expect(try await Self.devices(of: "one", scene) == ["atlas/0000:62:00.0"])
        }
    }

    @Test(.requirements("C3")) func `hold the VM while somebody else has them, until a person allows another`()
        async throws
    {
        try await Self.sharing { scene in
            try await Self.take("atlas/62:00.0", scene)
            let refusal = try await problem { try await Self.start("one", scene) }
            #expect(refusal.code == .otherDevice)
            #expect(
                refusal.detail
                    == "\"one\" is held: pool disks is sticky, and atlas/62:00.0 is not available.")
            #expect(refusal.evidence.first?.contains("system backup") == true)
            #expect(
                refusal.next.lines == [
                    "See its claims, and release one:  patchbay claim list --owner backup",
                    "Start it with another device of the pool:  patchbay vm start one --allow other-device --reason "
                        + "TEXT",
                    "Or make the pool not sticky:  patchbay pool edit disks --sticky never",
                ])
            let explanation = try await scene.plane.explainVM("one")
            let reasons = explanation.hosts.first?.devices.map(\.reason?.code)
            #expect(reasons == [.otherDevice, .held])
            #expect(explanation.fixes.contains { $0.change == "allow" && $0.value == "other-device" })
            #expect(try await scene.plane.vm("one").findings.map(\.code) == ["other-device"])

            try await Self.start("one", scene, allowing: .otherDevice)
            #expect(try await Self.devices(of: "one", scene) == ["atlas/0000:61:00.0"])
            try await Self.stop("one", scene)
            _ = try await scene.plane.releaseClaim("backup", dryRun: false)
            try await Self.start("one", scene)
            #expect(try await Self.devices(of: "one", scene) == ["atlas/0000:61:00.0"])
        }
    }

    @Test func `hold the VM when they are gone`() async throws {
        try await Self.sharing { scene in
            await scene.agent.forget(Self.disks[1])
            try await scene.agent.report()
            let refusal = try await problem { try await Self.start("one", scene) }
            #expect(refusal.code == .otherDevice)
            #expect(refusal.evidence.first?.hasSuffix("may now be any of 0000:61:00.0.") == true)
        }
    }

    @Test(.requirements("C3"), arguments: [Pool.Stickiness.preferred, .never])
    func `may be others where the pool says so`(_ sticky: Pool.Stickiness) async throws {
        try await Self.sharing(sticky) { scene in
            try await Self.take("atlas/62:00.0", scene)
            try await Self.start("one", scene)
            #expect(try await Self.devices(of: "one", scene) == ["atlas/0000:61:00.0"])
            #expect(try await scene.plane.pool("disks").sticky == sticky)
        }
    }

    @Test func `are forgotten with the request that they were for`() async throws {
        try await Self.sharing { scene in
            _ = try await scene.plane.detach(API.DetachRequest(pool: "disks"), from: "one", dryRun: false)
            #expect(try await scene.plane.vm("one").known == nil)
            _ = try await scene.plane.attach(API.AttachRequest(pool: "disks"), to: "one", dryRun: false)
            try await Self.start("one", scene)
            #expect(try await Self.devices(of: "one", scene) == ["atlas/0000:61:00.0"])
        }
    }
}
