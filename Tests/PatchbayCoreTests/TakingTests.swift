import PatchbayCore
import PatchbayTesting
import Testing

/// The one question, asked three times: when a plan is made, when it is handed out, and right before each write.
@Suite struct `Taking devices` {
    struct Use: Sendable, CustomTestStringConvertible {
        var reason: HostUse.Reason
        var severity: HostUse.Severity
        var testDescription: String { "\(reason.rawValue) \(severity.rawValue)" }
        var use: HostUse { HostUse(reason, severity, chain: ["x", "0000:c1:00.1"]) }

        static let all = HostUse.Reason.allCases.flatMap { reason in
            HostUse.Severity.allCases.map { Use(reason: reason, severity: $0) }
        }
    }

    private let unit = SampleHost.unit(SampleHost.gpu)

    private func code(_ body: () throws -> Void) -> ProblemCode? {
        do {
            try body()
            return nil
        } catch {
            return (error as? Problem)?.code
        }
    }

    private func plan(_ change: Change, on inventory: Inventory, _ usage: Usage = Usage()) throws -> Plan {
        try Planner(inventory: inventory, usage: usage).plan(change, id: "p-1")
    }

    @Test(.requirements("V8", "V9"), arguments: Use.all, [SampleHost.gpu, SampleHost.audio])
    func `has the same answer for every use at each time`(_ use: Use, _ address: PCIAddress) throws {
        let before = SampleHost.inventory()
        var after = before
        after.hostUses[address] = [use.use]
        for change in [Change.prepare([unit]), .start(vm: "v", claim: nil, units: [unit])] {
            let planned = code { _ = try plan(change, on: after) }
            #expect(planned != nil)
            let handedOut = code { try Planner(inventory: after, usage: Usage()).requireMayTake(change) }
            #expect(handedOut == planned)
            let old = try plan(change, on: before)
            for (index, step) in old.steps.enumerated() where !old.devices(takenBy: step).isEmpty {
                var now = before.after(old.steps.prefix(index))
                now.hostUses[address] = [use.use]
                let planner = Planner(inventory: now, usage: Usage())
                let before = code { try planner.requireMayPerform(step, of: old) }
                // The chipset's own part is parked without a driver, and the plan had not parked it.
                let isParked = address == SampleHost.audio && now[address].map(now.staysWithHost) == true
                #expect(before == (isParked ? .changedMeanwhile : planned), "before \(step)")
            }
        }
    }

    @Test(.requirements("V8"), arguments: [HostUse.Severity.critical, .inUse, .unknown])
    func `is asked for devices that are on vfio-pci already`(_ severity: HostUse.Severity) throws {
        let before = SampleHost.inventory()
        let ready = before.after(try plan(.prepare([unit]), on: before).steps)
        let start = try plan(.start(vm: "v", claim: nil, units: [unit]), on: ready)
        #expect(start.steps.map(\.verb) == ["plug", "start"])
        var now = ready
        now.hostUses[SampleHost.audio] = [HostUse(.holder, severity, chain: ["dpdk-testpmd", "0000:c1:00.1"])]
        for step in start.steps {
            #expect(code { try Planner(inventory: ready, usage: Usage()).requireMayPerform(step, of: start) } == nil)
            #expect(code { try Planner(inventory: now, usage: Usage()).requireMayPerform(step, of: start) } != nil)
        }
    }

    @Test func `is not stopped by what the plan has done itself`() throws {
        let before = SampleHost.inventory()
        for change in [Change.prepare([unit]), .start(vm: "v", claim: nil, units: [unit])] {
            let plan = try plan(change, on: before)
            var usage = Usage(domains: [Domain(name: "v", uuid: "u", state: .shutOff)])
            for (index, step) in plan.steps.enumerated() {
                let planner = Planner(inventory: before.after(plan.steps.prefix(index)), usage: usage)
                #expect(code { try planner.requireMayPerform(step, of: plan) } == nil, "\(step)")
                if case .plug(_, let devices, _) = step { usage.domains[0].definedDevices = devices }
            }
        }
    }

    @Test func `never stops what is given back`() throws {
        let before = SampleHost.inventory()
        var now = before.after(try plan(.prepare([unit]), on: before).steps)
        let bindings = Dictionary(
            uniqueKeysWithValues: unit.members.compactMap(\.pci).map {
                ($0.key, Binding(kept: .pci(driver: before[$0]?.driver, override: nil), plan: "p-0"))
            })
        let release = try plan(.release([unit]), on: now, Usage(bindings: bindings))
        now.hostUses[SampleHost.gpu] = [HostUse(.bootDisplay, .critical, chain: ["console"])]
        #expect(!release.steps.isEmpty)
        for step in release.steps {
            #expect(release.devices(takenBy: step).isEmpty)
            try Planner(inventory: now, usage: Usage()).requireMayPerform(step, of: release)
        }
    }

    @Test func `is refused when another device has joined the group`() throws {
        let before = SampleHost.inventory()
        let plan = try plan(.prepare([unit]), on: before)
        let step = try #require(plan.steps.first { !plan.devices(takenBy: $0).isEmpty })
        var now = before
        let index = try #require(now.groups.firstIndex { $0.members.contains(SampleHost.gpu) })
        now.groups[index].members = (now.groups[index].members + [SampleHost.address("c1:00.2")]).sorted()
        let planner = Planner(inventory: now, usage: Usage())
        #expect(code { try planner.requireMayPerform(step, of: plan) } == .changedMeanwhile)
    }

    @Test func `is refused when another VM has or names the device by now`() throws {
        let before = SampleHost.inventory()
        let plan = try plan(.start(vm: "v", claim: nil, units: [unit]), on: before)
        let step = try #require(plan.steps.last)
        for other in [
            Domain(name: "w", uuid: "w", state: .running, liveDevices: [SampleHost.gpu.key]),
            Domain(name: "w", uuid: "w", state: .shutOff, definedDevices: [SampleHost.gpu.key]),
        ] {
            let planner = Planner(inventory: before.after(plan.steps), usage: Usage(domains: [other]))
            #expect(code { try planner.requireMayPerform(step, of: plan) } == .inUse)
            #expect(code { try planner.requireMayTake(plan.change) } == .inUse)
        }
    }

    @Test func `counts who has a node open now, and not who had one`() throws {
        var inventory = SampleHost.inventory()
        inventory.hostUses[SampleHost.audio] = [HostUse(.holder, .inUse, chain: ["gone", "/dev/snd/pcm", "x"])]
        let holder = DeviceHolder(pid: 812, command: "nvidia-smi", node: "/dev/nvidia0", unit: "watch.service")
        let sound = DeviceHolder(pid: 9, command: "pipewire", node: "/dev/snd/controlC1")
        let deciding = inventory.devices(deciding: [unit])
        #expect(deciding == [SampleHost.gpu.key, SampleHost.audio.key])
        let now = OpenNodes([SampleHost.gpu.key: [holder], SampleHost.audio.key: [sound]])
        inventory.replaceHolders(of: deciding, by: now)
        #expect(inventory.hostUses[SampleHost.audio] == nil)
        let use = try #require(inventory.hostUses[SampleHost.gpu]?.first)
        #expect(
            use.sentence == "open by a program: nvidia-smi (watch.service) → /dev/nvidia0 → 0000:c1:00.0")
        #expect(Planner(inventory: inventory, usage: Usage()).refusal(for: unit)?.code == .inUse)
        inventory.replaceHolders(of: deciding, by: OpenNodes())
        #expect(Planner(inventory: inventory, usage: Usage()).refusal(for: unit) == nil)
    }

    /// An imported VM whose definition names the A100, which libvirt takes from its driver when the VM starts.
    private func imported(_ uses: [HostUse], driver: String? = "nvidia") throws -> Planner {
        var inventory = SampleHost.inventory()
        inventory.functions[try #require(inventory.index(of: SampleHost.a100))].driver = driver
        inventory.hostUses[SampleHost.a100] = uses
        let domain = Domain(name: "v", uuid: "v", state: .shutOff, definedDevices: [SampleHost.a100.key])
        return Planner(inventory: inventory, usage: Usage(domains: [domain]))
    }

    @Test(.requirements("V8", "V9"), arguments: Use.all)
    func `counts what the definition of a VM names, each time it starts`(_ use: Use) throws {
        let start = Change.start(vm: "v", claim: nil, units: [])
        let old = try imported([]).plan(start, id: "p-1")
        #expect(old.steps == [.startVM("v")])
        let planner = try imported([use.use])
        var refusal = Planner(inventory: planner.inventory, usage: Usage()).refusal(
            for: SampleHost.unit(SampleHost.a100))
        if use.use.mayBeOfGuest { refusal = nil }
        #expect(code { _ = try planner.plan(start, id: "p-2") } == refusal?.code)
        #expect(code { try planner.requireMayTake(start) } == refusal?.code)
        #expect(code { try planner.requireMayPerform(.startVM("v"), of: old) } == refusal?.code)
    }

    @Test func `asks nothing of what a definition names where nothing is taken from the host`() throws {
        let start = Change.start(vm: "v", claim: nil, units: [])
        let use = HostUse(.bootDisplay, .critical, chain: ["efifb", "0000:41:00.0"])
        #expect(try imported([use], driver: "vfio-pci").plan(start, id: "p-1").steps == [.startVM("v")])
        var shown = try imported([use])
        #expect(code { _ = try shown.plan(start, id: "p-1") } == .bootDisplay)
        shown.accepted = [Allowance(code: .bootDisplay, reason: "no screen", actor: "uid 0", at: 1)]
        #expect(try shown.plan(start, id: "p-1").allowed == shown.accepted)
        var shared = try imported([])
        shared.usage.domains.append(
            Domain(name: "w", uuid: "w", state: .shutOff, definedDevices: [SampleHost.a100.key]))
        #expect(try shared.plan(start, id: "p-1").steps == [.startVM("v")])
        shared.usage.domains[1].state = .running
        shared.usage.domains[1].liveDevices = [SampleHost.a100.key]
        #expect(code { _ = try shared.plan(start, id: "p-1") } == .inUse)
    }

    @Test func `lets a VM that is restarted have again what its definition names`() throws {
        let again = Change.restart(Restart(vm: "v", claim: nil))
        let shown = try imported([HostUse(.bootDisplay, .critical, chain: ["efifb", "0000:41:00.0"])])
        #expect(code { try shown.requireMayTake(again) } == nil)
        let mounted = try imported([HostUse(.mount, .inUse, chain: ["/mnt", "0000:41:00.0"])])
        #expect(code { try mounted.requireMayTake(again) } == .inUse)
    }
}
