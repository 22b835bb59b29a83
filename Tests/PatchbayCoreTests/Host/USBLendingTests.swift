import Foundation
import PatchbayCore
import PatchbayTesting
import PatchbayText
import Testing

@Suite struct `USB devices` {
    private let inventory = USBHost.inventory()

    private func unit(_ key: DeviceKey) throws -> DeviceUnit { try #require(inventory.unit(of: key)) }

    private func plan(_ change: Change, on inventory: Inventory? = nil, _ usage: Usage = Usage()) throws -> Plan {
        try Planner(inventory: inventory ?? self.inventory, usage: usage).plan(change, id: "p-1")
    }

    // MARK: pools

    @Test(.requirements("V35")) func `are in pools of their kind alone, and hubs in none`() throws {
        let all = [Rule(name: "all", conditions: [Condition(.name, .notEqual, "")])]
        let (usb, pci) = (Pool(name: "usb", kind: .usb, rules: all), Pool(name: "pci", rules: all))
        #expect(usb.matching(inventory).map(\.key) == [USBHost.camera, USBHost.stick, USBHost.key])
        #expect(
            pci.matching(inventory).map(\.key) == [USBHost.controller, USBHost.mate, USBHost.other].map(\.key))
        let view = HostView(inventory: inventory, usage: Usage(pools: [usb, pci]))
        #expect(view.pools(of: USBHost.stick) == ["usb"] && view.pools(of: USBHost.controller.key) == ["pci"])
        #expect(view.pools(of: USBHost.hub) == [])
        let rule = Rule(name: "r", conditions: [Condition(.numa, .equal, "1")])
        try Pool(name: "near", rules: [rule]).validate()
        let wrong = Pool(name: "near", kind: .usb, rules: [rule])
        let problem = try #require(throws: Problem.self) { try wrong.validate() }
        #expect(problem.code == .unknownField)
    }

    @Test(.requirements("V36")) func `have rules of their own: by serial, or else by port`() throws {
        for device in inventory.usb where !device.isHub {
            let rule = Rule.made(from: device, on: SampleHost.name)
            try rule.validate(for: .usb)
            #expect(rule.madeFrom == DeviceID(host: SampleHost.name, key: device.key))
            #expect(inventory.usb.filter { rule.matches($0, on: SampleHost.name) } == [device])
            var elsewhere = device
            elsewhere.address = USBHost.port("3-7")
            #expect(rule.matches(elsewhere, on: SampleHost.name) == (device.key == USBHost.stick))
        }
    }

    // MARK: what is in their way

    @Test(.requirements("V8")) func `go alone, where nothing of the host stands in the way`() throws {
        #expect(try unit(USBHost.stick) == DeviceUnit(primary: USBHost.stick, companions: [], bridges: []))
        let changes: [(DeviceKey, DeviceState, String, ProblemCode?, (inout Inventory) -> Void)] = [
            (USBHost.stick, .free, "Nobody uses it.", nil, { _ in }),
            (USBHost.stick, .free, "Nobody uses it.", nil, { $0.readiness.iommu = .offInKernel }),
            (USBHost.hub, .host, "USB hub: it stays with the host.", .notAssignable, { _ in }),
            (
                USBHost.stick, .host, "Needed by the host", .hostCritical,
                { $0.hostUses[USBHost.stick] = [HostUse(.mount, .critical, chain: ["/", "sda", "USB 1-4"])] }
            ),
            (
                USBHost.stick, .blocked, "The host has turned it off: authorized of 1-4 is 0.", .notAssignable,
                { host in for index in host.usb.indices { host.usb[index].isAuthorized = false } }
            ),
        ]
        for (key, state, reason, code, change) in changes {
            let inventory = USBHost.inventory(change)
            let told = HostView(inventory: inventory, usage: Usage()).state(of: key)
            #expect(told.state == state && told.reason.hasPrefix(reason), "\(told)")
            let unit = DeviceUnit(primary: key, companions: [], bridges: [])
            let refusal = Planner(inventory: inventory, usage: Usage()).refusal(toTake: [unit], for: "v")
            #expect(refusal?.code == code && refusal?.evidence.isEmpty != true && refusal?.next.isEmpty != true)
        }
    }

    @Test func `with data are wiped by the node that the host has of them`() throws {
        let chain = ["file system ext4", "sda", USBHost.stick.chainLink]
        let held = USBHost.inventory {
            $0.hostUses[USBHost.stick] = [HostUse(.storedData, .dataAtRisk, chain: chain)]
        }
        let problem = try #require(throws: Problem.self) {
            try plan(.prepare([try unit(USBHost.stick)]), on: held)
        }
        #expect(problem.next.lines.contains { $0.hasSuffix("sudo wipefs -a /dev/sda") }, "\(problem.next.lines)")
    }

    @Test(.requirements("V42")) func `wait for who has their controller, which waits for who has them`() throws {
        let whole = Usage(domains: [USBHost.domain("games", has: USBHost.controller.key)])
        let view = HostView(inventory: inventory, usage: whole)
        #expect(view.state(of: USBHost.stick) == (.blocked, "It is plugged into 00:14.0, which VM games has."))
        #expect(view.state(of: USBHost.key).state == .free, "it hangs on the other one")
        let single = Usage(domains: [USBHost.domain("games", has: USBHost.stick)])
        let other = HostView(inventory: inventory, usage: single)
        #expect(
            other.state(of: USBHost.controller.key)
                == (.blocked, "VM games has usb-1-4, which is plugged into it."))
        #expect(
            other.state(of: USBHost.mate.key).reason
                == "It shares its IOMMU group with 00:14.0, and VM games has usb-1-4, which is plugged into that.")
        #expect(other.state(of: USBHost.camera).state == .free && other.state(of: USBHost.other.key).state == .free)
        for (key, usage) in [(USBHost.stick, whole), (USBHost.controller.key, single), (USBHost.mate.key, single)] {
            for vm in ["games", "other", nil] {
                let planner = Planner(inventory: inventory, usage: usage)
                let refusal = planner.refusal(toTake: [try unit(key)], for: vm)
                #expect(refusal?.code == .inUse, "\(key) for \(vm ?? "nobody")")
            }
        }
    }

    // MARK: plans

    @Test func `are handed over interface by interface, and taken back the same way`() throws {
        let prepare = try plan(.prepare([try unit(USBHost.camera)]))
        let (video, sound) = (USBHost.interface("1-3.1:1.0"), USBHost.interface("1-3.1:1.1"))
        #expect(
            prepare.steps == [
                .unbindInterface(video, from: "uvcvideo"), .unbindInterface(sound, from: "snd-usb-audio"),
            ], "no module is needed")
        #expect(
            prepare.findings.map(\.sentence) == [
                "atlas/usb-1-3.1 leaves the host with video0 while it is lent: snd-usb-audio and uvcvideo let go of it."
            ])
        #expect(try JSONDecoder().decode([Step].self, from: JSONEncoder().encode(prepare.steps)) == prepare.steps)
        let after = inventory.after(prepare.steps)
        #expect(inventory[USBHost.camera]?.isHandedOver == false && after[USBHost.camera]?.isHandedOver == true)
        let undo = try plan(.undo(plan: "p-1", steps: prepare.steps), on: after)
        #expect(
            undo.steps == [.bindInterface(sound, to: "snd-usb-audio"), .bindInterface(video, to: "uvcvideo")])
        #expect(after.after(undo.steps) == inventory)
        let start = try plan(.start(vm: "v", claim: nil, units: [try unit(USBHost.stick)]))
        #expect(
            start.steps == [
                .unbindInterface(USBHost.interface("1-4:1.0"), from: "usb-storage"),
                .plug(vm: "v", devices: [USBHost.stick]), .startVM("v"),
            ])
    }

    @Test func `are given back to the drivers they had, as far as nobody else did`() throws {
        let units = [try unit(USBHost.camera)]
        let after = inventory.after(try plan(.prepare(units)).steps)
        let kept = Binding.Kind.usb(drivers: [0: "uvcvideo", 1: "snd-usb-audio"])
        #expect(inventory[USBHost.camera]?.drivers == kept)
        let (video, sound) = (USBHost.interface("1-3.1:1.0"), USBHost.interface("1-3.1:1.1"))
        let usage = Usage(bindings: [USBHost.camera: Binding(kept: kept, plan: "p-0")])
        let release = try plan(.release(units), on: after, usage)
        #expect(
            release.steps == [.bindInterface(video, to: "uvcvideo"), .bindInterface(sound, to: "snd-usb-audio")])
        #expect(after.after(release.steps) == inventory)
        let half = after.after(Step.bindInterface(video, to: "uvcvideo"))
        #expect(try plan(.release(units), on: half, usage).steps == [.bindInterface(sound, to: "snd-usb-audio")])
        #expect(try plan(.release(units), on: inventory, usage).steps.isEmpty, "it was plugged in anew")
        let identity = DeviceIdentity.usb(.serial(USBID(vendor: 1, product: 2), "D3ADB33F"))
        let stranger = Binding(kept: kept, plan: "p-0", identity: identity)
        #expect(try plan(.release(units), on: after, Usage(bindings: [USBHost.camera: stranger])).steps.isEmpty)
        let refusal = try #require(throws: Problem.self) { try plan(.release(units), on: after) }
        #expect(refusal.code == .wrongState)
    }

    @Test func `are given back by the plan that takes them out of a VM, which has them by then`() throws {
        let units = [try unit(USBHost.stick)]
        var held = inventory
        let place = try #require(held.index(of: USBHost.port("1-4")))
        held.usb[place].interfaces[0].driver = "usbfs"
        let usage = Usage(
            bindings: [USBHost.stick: Binding(kept: .usb(drivers: [0: "usb-storage"]), plan: "p-0")],
            domains: [USBHost.domain("v", has: USBHost.stick)])
        let plan = try plan(.hotUnplug(vm: "v", claim: "c-1", units: units, giveBack: units), on: held, usage)
        #expect(
            plan.steps == [
                .detach(vm: "v", device: USBHost.stick), .unplug(vm: "v", devices: [USBHost.stick]),
                .bindInterface(USBHost.interface("1-4:1.0"), to: "usb-storage"),
            ])
        #expect(held.differences(from: inventory, after: try self.plan(.prepare(units)).steps).isEmpty)
    }

    @Test func `that were pulled are taken out of the VM, as its host reports it, and nothing is given back`() throws {
        var domain = USBHost.domain("v", has: USBHost.stick)
        (domain.liveDevices, domain.pulledDevices) = ([], [USBHost.stick])
        #expect(try JSONDecoder().decode(Domain.self, from: JSONEncoder().encode(domain)) == domain)
        let usage = Usage(
            bindings: [USBHost.stick: Binding(kept: .usb(drivers: [0: "usb-storage"]), plan: "p-0")],
            domains: [domain])
        let units = [try unit(USBHost.stick)]
        var without = inventory
        without.usb.removeAll { $0.key == USBHost.stick }
        let plan = try plan(.surpriseRemoval(vm: "v", claim: "c-1", units: units), on: without, usage)
        #expect(
            plan.steps == [
                .detach(vm: "v", device: USBHost.stick), .unplug(vm: "v", devices: [USBHost.stick]),
            ])
    }

    @Test(
        arguments: [
            (.unbindInterface(USBHost.interface("1-3.1:1.0"), from: "uvcvideo"), nil),
            (.unbindInterface(USBHost.interface("1-3.1:1.0"), from: "usbfs"), .planNotCurrent),
            (.bindInterface(USBHost.interface("1-3.1:1.0"), to: "uvcvideo"), nil),
            (.bindInterface(USBHost.interface("1-3.1:1.0"), to: "usbfs"), .planNotCurrent),
            (.bindInterface(USBHost.interface("3-1:1.0"), to: "usbhid"), nil),
            (.unbindInterface(USBHost.interface("1-3.1:1.2"), from: "uvcvideo"), .planNotCurrent),
            (.unbindInterface(USBHost.interface("1-3.1:2.0"), from: "uvcvideo"), .planNotCurrent),
            (.unbindInterface(USBHost.interface("1-9:1.0"), from: "uvcvideo"), .unknownDevice),
        ] as [(Step, ProblemCode?)])
    func `know whether a step on them finds what it expects, and how to take it back`(
        _ step: Step, _ code: ProblemCode?
    ) {
        #expect(inventory.expects(step)?.code == code)
        guard case .by(let inverse) = step.wayBack, case .by(let again) = inverse.wayBack else {
            Issue.record("\(step) has no way back and forth")
            return
        }
        #expect(again == step && step.device?.kind == .usb)
        if code == nil { #expect(inventory.after(step).expects(inverse) == nil) }
    }

    @Test func `make another digest when a plan would find them otherwise, and are told where it went wrong`() throws {
        let steps = try plan(.prepare([try unit(USBHost.camera)])).steps
        let after = inventory.after(steps)
        let camera = try #require(inventory.index(of: USBHost.port("1-3.1")))
        #expect(after.digest != inventory.digest)
        let replugged = USBHost.inventory { $0.usb[camera].deviceNumber = 9 }
        #expect(replugged.digest != inventory.digest)
        #expect(after.differences(from: inventory, after: steps).isEmpty)
        #expect(
            inventory.after(steps.prefix(1)).differences(from: inventory, after: steps).map(\.sentence) == [
                "atlas/usb-1-3.1 has interface 1 on snd-usb-audio; the plan expected no driver."
            ])
        #expect(replugged.differences(from: inventory, after: steps).isEmpty, "whoever pulls it may")
    }

    // MARK: recognition

    @Test(.requirements("HX7")) func `with a serial are known again in any port`() throws {
        let known = try #require(inventory.identity(of: USBHost.stick))
        #expect(known.sentence == "recognised by: USB serial E0D55EA574; model 0951:1666")
        #expect(DeviceRecognizer(inventory).recognise(known, at: USBHost.stick) == .same(USBHost.stick))
        let index = try #require(inventory.index(of: USBHost.port("1-4")))
        let moved = USBHost.inventory { host in
            host.usb[index].address = USBHost.port("3-2")
            host.usb[index].port.controller = USBHost.other
        }
        #expect(
            DeviceRecognizer(moved).recognise(known, at: USBHost.stick) == .moved(.usb(USBHost.port("3-2"))))
        let pulled = inventory.without(USBHost.stick)
        #expect(DeviceRecognizer(pulled).recognise(known, at: USBHost.stick) == .gone)
        let twin = USBHost.inventory { $0.usb[index].serial = "F1E66FB685" }
        let differences = ["The USB serial was E0D55EA574 and is now F1E66FB685."]
        #expect(
            DeviceRecognizer(twin).recognise(known, at: USBHost.stick)
                == .changed(USBHost.stick, differences: differences))
        let allocation = Allocation(claim: "c", owner: .vm("v"), primary: USBHost.stick, identity: known)
        let view = HostView(inventory: twin, usage: Usage(allocations: [USBHost.stick: allocation]))
        #expect(view.state(of: USBHost.stick).state == .blocked)
        #expect(view.state(of: USBHost.stick).reason.hasSuffix(differences[0]))
    }

    /// The hole in the case is port 5 of the bus of either speed, and buses are numbered anew with each boot.
    @Test(.requirements("HX7")) func `without a serial are known again in their socket, whichever bus shows it`()
        throws
    {
        func host(
            _ name: String, companion: String, _ roots: [USBDevice], product: UInt16 = 0x0407
        ) throws -> Inventory {
            var device = try #require(inventory[USBHost.port("3-1")])
            device.address = USBHost.port(name)
            device.port = USBPort(controller: USBHost.controller, companion: companion)
            device.product = product
            return USBHost.inventory { $0.usb = roots + [device] }
        }
        let before = try host("1-5", companion: "usb2-port5", [USBHost.root(1), USBHost.root(2, isSuperSpeed: true)])
        let key = DeviceKey.usb(USBHost.port("1-5"))
        let known = try #require(before.identity(of: key))
        let roots = [USBHost.root(5), USBHost.root(6, isSuperSpeed: true)]
        let after = try host("6-5", companion: "usb5-port5", roots)
        #expect(DeviceRecognizer(after).recognise(known, at: key) == .moved(.usb(USBHost.port("6-5"))))
        let elsewhere = try host("6-4", companion: "usb5-port4", roots)
        #expect(DeviceRecognizer(elsewhere).recognise(known, at: key) == .gone)
        let otherModel = try host("1-5", companion: "usb2-port5", [USBHost.root(1)], product: 0x0410)
        #expect(
            DeviceRecognizer(otherModel).recognise(known, at: key)
                == .changed(key, differences: ["The model was 1050:0407 and is now 1050:0410."]))
    }

    // MARK: placement

    @Test(.requirements("V31")) func `are placed by pool, near their controller`() throws {
        let view = HostView(inventory: inventory, usage: Usage(pools: [USBHost.sticks]))
        let standing = view.standing()
        let wish = PlacementWish(requests: [Request(name: "r", target: .pool("sticks"))])
        let found = try standing.place(wish, on: SampleHost.name)
        #expect(found.units == [AllocatedUnit(request: "r", pool: "sticks", unit: try unit(USBHost.stick))])
        #expect(standing.shape.units.map(\.node) == [NUMANode(1)])
        let exact = DeviceID(host: SampleHost.name, key: USBHost.stick)
        let named = PlacementWish(requests: [Request(name: "r", target: .device(exact))])
        #expect(try standing.place(named, on: SampleHost.name).units.map(\.unit.primary) == [USBHost.stick])
        guard case .noFit(_, let fits) = view.place([Request(name: "r", target: .pool("sticks"), count: 2)]) else {
            Issue.record("there is one stick")
            return
        }
        #expect(fits.first { $0.device.key == USBHost.stick }?.reason?.sentence == "It fits, but 2 are needed.")
        #expect(fits.first { $0.device.key == USBHost.hub }?.reason?.code == .host)
        #expect(fits.first { $0.device.key == USBHost.camera }?.reason?.code == .notInPool)
        #expect(fits.allSatisfy { $0.device.key.kind == .usb })
    }

    @Test(.requirements("V42")) func `and their controller are not had by two claims`() throws {
        let pools = [USBHost.sticks, USBHost.controllers()]
        func claimed(_ keys: [DeviceKey]) -> HostStanding {
            let allocations = keys.map { ($0, Allocation(claim: "c", owner: .vm("v"), primary: $0)) }
            let usage = Usage(allocations: Dictionary(uniqueKeysWithValues: allocations), pools: pools)
            return HostView(inventory: inventory, usage: usage).standing()
        }
        func primaries(_ pool: String, on standing: HostStanding) -> [DeviceKey]? {
            let wish = PlacementWish(requests: [Request(name: "r", target: .pool(pool))])
            return (try? standing.place(wish, on: SampleHost.name))?.units.map(\.unit.primary)
        }
        #expect(primaries("controllers", on: claimed([])) == [USBHost.controller.key])
        #expect(primaries("controllers", on: claimed([USBHost.stick])) == [USBHost.other.key])
        #expect(primaries("sticks", on: claimed([USBHost.other.key])) == [USBHost.stick])
        #expect(primaries("sticks", on: claimed([USBHost.controller.key, USBHost.mate.key])) == nil)
    }

    @Test(.requirements("V42")) func `and their controller are not both given to one`() throws {
        func place(_ pools: [String], _ controllers: Pool) throws(NoPlace) -> [DeviceKey] {
            let view = HostView(inventory: inventory, usage: Usage(pools: [USBHost.sticks, controllers]))
            let wish = PlacementWish(requests: pools.map { Request(name: $0, target: .pool($0)) })
            return try view.standing().place(wish, on: SampleHost.name).units.map(\.unit.primary)
        }
        #expect(
            try place(["sticks", "controllers"], USBHost.controllers()) == [USBHost.stick, USBHost.other.key])
        #expect(
            try place(["controllers", "sticks"], USBHost.controllers()) == [USBHost.other.key, USBHost.stick])
        let only = USBHost.controllers(Condition(.address, .equal, "00:14.0"))
        for order in [["sticks", "controllers"], ["controllers", "sticks"]] {
            #expect(throws: NoPlace.request(1)) { try place(order, only) }
        }
    }
}
