import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Plans` {
    private let inventory = SampleHost.inventory()

    private func plan(_ change: Change, _ usage: Usage = Usage(), on inventory: Inventory? = nil) throws -> Plan {
        try Planner(inventory: inventory ?? self.inventory, usage: usage).plan(change, id: "p-1")
    }

    @Test func `hand over by unbind, override and probe`() throws {
        let plan = try plan(.prepare([SampleHost.unit(SampleHost.a100)]))
        #expect(plan.title == "Prepare atlas/41:00.0")
        #expect(plan.basis == inventory.digest)
        #expect(
            plan.steps == [
                .loadModule("vfio-pci"), .unbind(SampleHost.a100, from: "nvidia"),
                .setOverride(SampleHost.a100, from: nil, to: "vfio-pci"), .probe(SampleHost.a100, to: "vfio-pci"),
            ])
        #expect(plan.canBeUndone)
    }

    @Test(.requirements("V16", "P3", "P5")) func `take the whole group and say what goes along`()
        throws
    {
        let plan = try plan(.prepare([SampleHost.unit(SampleHost.gpu)]))
        #expect(plan.steps.contains(.probe(SampleHost.gpu, to: "vfio-pci")))
        #expect(plan.steps.contains(.probe(SampleHost.audio, to: "vfio-pci")))
        #expect(!plan.steps.contains(.unbind(SampleHost.bridge, from: "pcieport")))
        let sentences = plan.findings.map(\.sentence)
        #expect(
            sentences.contains(
                "atlas/c1:00.1 is handed over together with atlas/c1:00.0: both are in IOMMU group 31."))
        #expect(sentences.contains("atlas/c0:01.1 is a bridge of IOMMU group 31 and stays with the host."))
        #expect(
            sentences.contains(
                "atlas/c1:00.0 leaves the host while it is lent: the nvidia driver lets go of it. No reboot is needed.")
        )
    }

    @Test func `name what leaves with a USB controller`() throws {
        var inventory = inventory
        func device(_ port: Int, _ name: String?, _ nodes: [String]) throws -> USBDevice {
            USBDevice(
                address: try #require(USBAddress(bus: 1, chain: [port])), port: USBPort(controller: SampleHost.a100),
                deviceNumber: port, vendor: 0x10c4, product: 0xea60, productName: name, nodes: nodes)
        }
        inventory.functions[inventory.index(of: SampleHost.a100)!].deviceClass = PCIClass(0x0c0330)
        inventory.usb = [try device(2, nil, ["ttyUSB0"]), try device(3, "QEMU USB Tablet", [])]
        let plan = try plan(.prepare([SampleHost.unit(SampleHost.a100)]), on: inventory)
        #expect(plan.findings.contains { $0.sentence.contains("leaves the host with ttyUSB0, QEMU USB Tablet while") })
    }

    @Test func `do the riskiest thing first`() throws {
        let units = [SampleHost.idle, SampleHost.gpu, SampleHost.virtual[0]].map { SampleHost.unit($0) }
        let plan = try plan(.prepare(units))
        let probed = plan.steps.compactMap { step -> PCIAddress? in
            guard case .probe(let address, _) = step else { return nil }
            return address
        }
        #expect(probed == [SampleHost.gpu, SampleHost.audio, SampleHost.idle, SampleHost.virtual[0]])
        #expect(!plan.steps.contains { if case .unbind(SampleHost.idle, _) = $0 { true } else { false } })
    }

    @Test func `leave alone what is on vfio-pci already`() throws {
        var inventory = inventory
        inventory.functions[inventory.index(of: SampleHost.a100)!].driver = "mlx5_vfio_pci"
        #expect(try plan(.prepare([SampleHost.unit(SampleHost.a100)]), on: inventory).steps.isEmpty)
        let start = try plan(.start(vm: "v", claim: nil, units: [SampleHost.unit(SampleHost.a100)]), on: inventory)
        #expect(start.steps == [.plug(vm: "v", devices: [SampleHost.a100.key]), .startVM("v")])
    }

    @Test(.requirements("VX16")) func `start a VM with everything that goes along`() throws {
        let plan = try plan(.start(vm: "cad-07", claim: "c", units: [SampleHost.unit(SampleHost.gpu)]))
        #expect(plan.title == "Start cad-07 with atlas/c1:00.0")
        #expect(
            plan.steps.suffix(2) == [
                .plug(vm: "cad-07", devices: [SampleHost.gpu.key, SampleHost.audio.key]), .startVM("cad-07"),
            ])
        #expect(plan.findings.contains { $0.code == "no-live-migration" })
        #expect(try self.plan(.start(vm: "v", claim: nil, units: [])).steps == [.startVM("v")])
    }

    @Test func `stop a VM and give back what was taken`() throws {
        let units = [SampleHost.unit(SampleHost.gpu), SampleHost.unit(SampleHost.a100)]
        let taken = try plan(.start(vm: "cad-07", claim: "c", units: units))
        var usage = Usage()
        usage.give([SampleHost.gpu, SampleHost.a100], to: "cad-07")
        usage.bindings = [
            SampleHost.gpu.key: Binding(kept: .pci(driver: "nvidia", override: nil), plan: "p-1"),
            SampleHost.audio.key: Binding(kept: .pci(driver: "snd_hda_intel", override: nil), plan: "p-1"),
        ]
        let stop = Change.stop(vm: "cad-07", claim: "c", units: units, giveBack: [units[0]], force: false)
        let plan = try plan(stop, usage, on: inventory.after(taken.steps))
        #expect(plan.title == "Stop cad-07 and give back atlas/c1:00.0")
        #expect(
            plan.steps == [
                .stopVM("cad-07", timeoutSeconds: 60, force: false),
                .unplug(vm: "cad-07", devices: [SampleHost.a100, SampleHost.gpu, SampleHost.audio].map(\.key)),
                .unbind(SampleHost.gpu, from: "vfio-pci"),
                .setOverride(SampleHost.gpu, from: "vfio-pci", to: nil), .probe(SampleHost.gpu, to: "nvidia"),
                .unbind(SampleHost.audio, from: "vfio-pci"),
                .setOverride(SampleHost.audio, from: "vfio-pci", to: nil),
                .probe(SampleHost.audio, to: "snd_hda_intel"),
            ])
    }

    @Test func `do not stop a VM that is off already`() throws {
        let off = Domain(name: "v", uuid: "u", state: .shutOff)
        let stop = Change.stop(
            vm: "v", claim: nil, units: [SampleHost.unit(SampleHost.a100)], giveBack: [], force: false)
        let plan = try plan(stop, Usage(domains: [off]))
        #expect(plan.steps == [.unplug(vm: "v", devices: [SampleHost.a100.key])])
        #expect(plan.title == "Clean up after v")
    }

    @Test func `keep the way back open when an override names another driver`() throws {
        var inventory = inventory
        inventory.functions[inventory.index(of: SampleHost.a100)!].driverOverride = "nouveau"
        let plan = try plan(.prepare([SampleHost.unit(SampleHost.a100)]), on: inventory)
        #expect(
            plan.steps.dropFirst() == [
                .setOverride(SampleHost.a100, from: "nouveau", to: "nvidia"),
                .unbind(SampleHost.a100, from: "nvidia"),
                .setOverride(SampleHost.a100, from: "nvidia", to: "vfio-pci"),
                .probe(SampleHost.a100, to: "vfio-pci"),
            ])
        let binding = Binding(kept: .pci(driver: "nvidia", override: "nouveau"), plan: "p-1")
        let release = try self.plan(
            .release([SampleHost.unit(SampleHost.a100)]), Usage(bindings: [SampleHost.a100.key: binding]),
            on: inventory.after(plan.steps))
        #expect(
            release.steps == [
                .unbind(SampleHost.a100, from: "vfio-pci"),
                .setOverride(SampleHost.a100, from: "vfio-pci", to: "nvidia"),
                .probe(SampleHost.a100, to: "nvidia"),
                .setOverride(SampleHost.a100, from: "nvidia", to: "nouveau"),
            ])
    }

    @Test func `define and remove guests`() throws {
        let spec = GuestSpec(name: "v", vcpus: 1, memoryMiB: 512, boot: .disk(path: "/x", format: "raw"))
        #expect(try plan(.define(spec)).steps == [.defineVM(spec)])
        let defined = Usage(domains: [Domain(name: "v", uuid: "u", state: .shutOff)])
        #expect(try plan(.undefine(spec), defined).steps == [.undefineVM(spec)])
        #expect(try plan(.undefine(spec)).steps.isEmpty)
        #expect(throws: Problem.self) { try plan(.define(spec), defined) }
        let running = Usage(domains: [Domain(name: "v", uuid: "u", state: .running)])
        #expect(throws: Problem.self) { try plan(.undefine(spec), running) }
        #expect(throws: Problem.self) { try plan(.start(vm: "v", claim: nil, units: []), running) }
    }

    @Test func `warn of devices that cannot be cleaned`() throws {
        var inventory = inventory
        inventory.functions[inventory.index(of: SampleHost.idle)!].resetMethods = []
        let plan = try plan(.prepare([SampleHost.unit(SampleHost.idle)]), on: inventory)
        #expect(plan.findings.map(\.code) == ["not-cleanable"])
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `leave the host as it was when they are undone`(_ seed: UInt64) throws {
        let host = RandomHost(seed: seed)
        let units = host.inventory.functions.compactMap { host.inventory.unit(of: $0.address) }
        for unit in units {
            let usage = Usage(pools: host.usage.pools)
            guard let plan = try? Planner(inventory: host.inventory, usage: usage).plan(.prepare([unit]), id: "p")
            else { continue }
            let after = try simulate(plan.steps, from: host.inventory, "\(host)")
            #expect(unit.members.allSatisfy { after[$0]?.isHandedOver == true }, "\(host)")
            guard plan.steps.contains(where: { $0.wayBack != .notNeeded }) else { continue }
            let undo = try Planner(inventory: after, usage: usage).plan(.undo(plan: "p", steps: plan.steps), id: "u")
            let before = try simulate(undo.steps, from: after, "\(host)")
            #expect(before.functions == host.inventory.functions, "\(host)")
            #expect(before.digest == host.inventory.digest, "\(host)")
        }
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `leave the host as it was when devices are released`(_ seed: UInt64) throws {
        let host = RandomHost(seed: seed)
        for unit in host.inventory.functions.compactMap({ host.inventory.unit(of: $0.address) }) {
            guard let plan = try? Planner(inventory: host.inventory, usage: Usage()).plan(.prepare([unit]), id: "p"),
                !plan.steps.isEmpty
            else { continue }
            var usage = Usage()
            for step in plan.steps {
                guard case .probe(let address, _) = step, let function = host.inventory[address] else { continue }
                usage.bindings[address.key] = Binding(
                    kept: .pci(driver: function.driver, override: function.driverOverride), plan: "p")
            }
            let after = host.inventory.after(plan.steps)
            let release = try Planner(inventory: after, usage: usage).plan(.release([unit]), id: "r")
            let before = try simulate(release.steps, from: after, "\(host)")
            #expect(before.functions == host.inventory.functions, "\(host)")
        }
    }

    /// Performs steps in thought, each only where it finds what it expects.
    private func simulate(_ steps: [Step], from inventory: Inventory, _ host: String) throws -> Inventory {
        var now = inventory
        for step in steps {
            if let problem = now.expects(step) { Issue.record("\(host): \(problem.evidence)") }
            now = now.after(step)
        }
        return now
    }

    @Test(arguments: [
        Step.unbind(SampleHost.a100, from: "nvidia"), .setOverride(SampleHost.a100, from: nil, to: "x"),
        .probe(SampleHost.a100, to: "x"), .plug(vm: "v", devices: []), .unplug(vm: "v", devices: []),
        .defineVM(GuestSpec(name: "v", vcpus: 1, memoryMiB: 1, boot: .disk(path: "", format: ""))),
    ]) func `undo the undo of a step with the step`(_ step: Step) {
        guard case .by(let inverse) = step.wayBack, case .by(let again) = inverse.wayBack else {
            Issue.record("\(step) has no way back and forth")
            return
        }
        #expect(again == step)
    }
}
