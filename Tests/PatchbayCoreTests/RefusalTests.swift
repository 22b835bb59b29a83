import PatchbayCore
import PatchbayTesting
import PatchbayText
import Testing

@Suite struct `Refusals` {
    private func refusal(
        _ change: Change, _ usage: Usage = Usage(), on inventory: Inventory = SampleHost.inventory()
    ) throws -> Problem {
        let problem = try #require(throws: Problem.self) {
            try Planner(inventory: inventory, usage: usage).plan(change, id: "p-1")
        }
        #expect(!problem.evidence.isEmpty, "\(problem.detail)")
        #expect(!problem.next.isEmpty, "\(problem.detail)")
        #expect(problem.detail.hasSuffix("."))
        return problem
    }

    private func handOver(_ address: PCIAddress) -> Change { .prepare([SampleHost.unit(address)]) }

    @Test(.requirements("V8", "V11", "P4")) func `name the chain from the mount to the device`() throws {
        let problem = try refusal(handOver(SampleHost.sata))
        #expect(problem.code == .hostCritical)
        #expect(problem.detail == "Cannot hand over atlas/00:17.0: the host needs it.")
        #expect(problem.evidence == ["root file system: / → sda2 → sda → 0000:00:17.0"])
    }

    @Test(.requirements("V22", "V16")) func `name the mate that the host needs`() throws {
        let problem = try refusal(handOver(SampleHost.usb))
        #expect(problem.code == .groupNotIsolated)
        #expect(
            problem.detail == "Cannot hand over atlas/00:14.0: it shares IOMMU group 1 with a device the host needs.")
        #expect(
            problem.evidence == [
                "0000:00:14.0 Intel Corporation USB 3.1 xHCI, driver xhci_hcd",
                "0000:00:17.0 Intel Corporation SATA AHCI, driver ahci; root file system: / → sda2 → sda → 0000:00:17.0",
            ])
    }

    @Test(
        .requirements("V9"),
        arguments: HostUse.Reason.allCases.flatMap { reason in
            HostUse.Severity.allCases.map { (reason, $0) }
        })
    func `cover every reason of the host`(_ reason: HostUse.Reason, _ severity: HostUse.Severity) throws {
        var inventory = SampleHost.inventory()
        inventory.hostUses[SampleHost.a100] = [HostUse(reason, severity, chain: ["x", "0000:41:00.0"])]
        let problem = try refusal(handOver(SampleHost.a100), on: inventory)
        let expected: ProblemCode =
            switch (reason, severity) {
            case (.bridge, _): .notAssignable
            case (.virtualFunctions, _): .virtualFunctionsInUse
            case (.bootDisplay, .critical): .bootDisplay
            case (_, .critical): .hostCritical
            case (_, .inUse): .inUse
            case (_, .dataAtRisk): .dataAtRisk
            case (_, .unknown): .notProvenFree
            }
        #expect(problem.code == expected)
    }

    @Test func `say how the programs that hold the device let go`() throws {
        var inventory = SampleHost.inventory()
        let chain = ["nvidia-persiste", "/dev/nvidia0", "0000:41:00.0"]
        inventory.hostUses[SampleHost.a100] = [HostUse(.holder, .inUse, chain: chain)]
        let daemon = DeviceHolder(
            pid: 812, command: "nvidia-persiste", node: "/dev/nvidia0", recipe: "nvidia-persistenced")
        let sound = DeviceHolder(pid: 900, command: "pipewire", node: "/dev/snd/controlC1", recipe: "sound-server")
        inventory.survey = HostSurvey(holders: [SampleHost.a100.key: [daemon, daemon, sound]])
        let problem = try refusal(handOver(SampleHost.a100), on: inventory)
        #expect(problem.code == .inUse)
        #expect(problem.evidence.contains { $0.contains("nvidia-persiste → /dev/nvidia0") })
        #expect(
            problem.next.lines.prefix(2) == [
                "systemctl stop nvidia-persistenced",
                "Stop nvidia-persiste, which has it open, then try again.",
            ])
    }

    @Test func `name how to read the host again where a use may be over by now`() throws {
        for (reason, isSaid) in [
            (HostUse.Reason.mount, true), (.holder, true), (.otherNamespace, true), (.swap, false),
        ] {
            for mate in [SampleHost.gpu, SampleHost.audio] {
                var inventory = SampleHost.inventory()
                inventory.hostUses[mate] = [HostUse(reason, .inUse, chain: ["x", mate.description])]
                let problem = try refusal(handOver(SampleHost.gpu), on: inventory)
                #expect(
                    problem.next.lines.contains("If that has ended already:  patchbay host refresh atlas") == isSaid)
            }
        }
    }

    @Test(.requirements("E11")) func `keep data with the host until somebody gives it up, also that of a mate`() throws
    {
        for holding in [SampleHost.gpu, SampleHost.audio] {
            var inventory = SampleHost.inventory()
            let use = HostUse(.storedData, .dataAtRisk, chain: ["ext4", "nvme0n1", holding.description])
            inventory.hostUses[holding] = [use]
            let problem = try refusal(handOver(SampleHost.gpu), on: inventory)
            #expect(problem.code == .dataAtRisk)
            #expect(problem.next.lines.contains { $0.contains("--allow data-at-risk --reason TEXT") })
            var planner = Planner(inventory: inventory, usage: Usage())
            planner.accepted = [Allowance(code: .dataAtRisk, reason: "old disk", actor: "uid 0", at: 0)]
            let plan = try planner.plan(handOver(SampleHost.gpu), id: "p-1")
            #expect(plan.allowed.map(\.code) == [.dataAtRisk])
            #expect(plan.findings.contains { $0.code == "data-at-risk" && $0.sentence.contains(use.sentence) })
            for step in plan.steps {
                try Planner(inventory: inventory, usage: Usage()).requireMayPerform(step, of: plan)
            }
            #expect(inventory.verdict(of: holding) == .dataAtRisk)
            #expect(inventory.after(plan.steps).hostUses[holding] == nil, "nobody sees it on vfio-pci")
            let view = HostView(inventory: inventory, usage: Usage())
            #expect(view.state(of: holding.key).state == .blocked)
            #expect(view.state(of: holding.key).reason.hasPrefix("Data at risk"))
        }
    }

    @Test(.requirements("V17")) func `keep a group together`() throws {
        let part = DeviceUnit(primary: SampleHost.gpu.key, companions: [], bridges: [SampleHost.bridge])
        let problem = try refusal(.prepare([part]))
        #expect(problem.code == .changedMeanwhile)
        #expect(problem.evidence.last == "its IOMMU group has: 0000:c1:00.0, 0000:c1:00.1")
    }

    @Test(arguments: [Readiness.IOMMU.offInFirmware, .offInKernel, .emptyGroups])
    func `say what to turn on`(_ verdict: Readiness.IOMMU) throws {
        let inventory = SampleHost.inventory(
            readiness: Readiness(iommu: verdict, vfioLoaded: false, vfioAvailable: true))
        let problem = try refusal(handOver(SampleHost.a100), on: inventory)
        #expect(problem.code == .noIOMMU)
        #expect(problem.next.lines == verdict.next(on: inventory.host.name).lines)
    }

    @Test(arguments: [
        (remaps: Bool?.some(false), allowed: Bool?.none, options: [String](), isRefused: true),
        (false, false, [], true), (false, true, [], false),
        (false, nil, ["options vfio_iommu_type1 allow_unsafe_interrupts=1"], false),
        (false, nil, ["options vfio_iommu_type1 allow_unsafe_interrupts=0"], true),
        (true, nil, [], false), (nil, nil, [], false),
    ])
    func `come before the kernel's own where interrupts are not remapped`(
        _ remaps: Bool?, _ allowed: Bool?, _ options: [String], _ isRefused: Bool
    ) throws {
        var inventory = SampleHost.inventory()
        let facts = IOMMUFacts(hasInterruptRemapping: remaps, allowsUnsafeInterrupts: allowed)
        inventory.survey = HostSurvey(
            platform: HostPlatform(boot: BootFacts(moduleOptions: options), iommu: facts))
        #expect(inventory.refusesUnremappedInterrupts == isRefused)
        guard isRefused else {
            #expect(throws: Never.self) {
                try Planner(inventory: inventory, usage: Usage()).plan(handOver(SampleHost.a100), id: "p-1")
            }
            return
        }
        let problem = try refusal(handOver(SampleHost.a100), on: inventory)
        #expect(problem.code == .noIOMMU)
        #expect(problem.next.lines == ["See why it is off, and how to turn it on:  patchbay doctor atlas"])
    }

    @Test(
        arguments: [
            (["allow_unsafe_interrupts=1 disable_hugepages=0"], nil, false),
            (["allow_unsafe_interrupts=0 disable_hugepages=1"], nil, true),
            (["disable_hugepages=0 allow_unsafe_interrupts"], nil, false),
            (["allow_unsafe_interrupts=off"], nil, true), (["allow_unsafe_interrupts=f"], nil, true),
            (["allow_unsafe_interrupts=On"], nil, false), (["allow_unsafe_interrupts=true"], nil, false),
            (["allow_unsafe_interrupts=maybe"], nil, true),
            (["allow_unsafe_interrupts=1", "allow_unsafe_interrupts=0"], nil, true),
            (["allow_unsafe_interrupts=0"], "vfio-iommu-type1.allow_unsafe_interrupts=1", false),
            (["allow_unsafe_interrupts=1"], "vfio_iommu_type1.allow_unsafe_interrupts=0", true),
            ([], "vfio.allow_unsafe_interrupts=1", true),
        ] as [([String], String?, Bool)])
    func `go by what the kernel will read where interrupts are not remapped`(
        _ options: [String], _ parameter: String?, _ isRefused: Bool
    ) {
        var inventory = SampleHost.inventory()
        let boot = BootFacts(
            running: ["quiet"] + [parameter].compactMap { $0 },
            moduleOptions: options.map { "options vfio_iommu_type1 \($0)" })
        inventory.survey = HostSurvey(
            platform: HostPlatform(boot: boot, iommu: IOMMUFacts(hasInterruptRemapping: false)))
        #expect(inventory.refusesUnremappedInterrupts == isRefused)
    }

    @Test func `cover a host without vfio-pci, bridges and unknown devices`() throws {
        let inventory = SampleHost.inventory(
            readiness: Readiness(iommu: .active, vfioLoaded: false, vfioAvailable: false))
        #expect(try refusal(handOver(SampleHost.a100), on: inventory).code == .noVFIO)
        #expect(try refusal(handOver(SampleHost.bridge)).code == .notAssignable)
        let gone = DeviceUnit(primary: SampleHost.address("99:00.0").key, companions: [], bridges: [])
        #expect(try refusal(.prepare([gone])).code == .unknownDevice)
    }

    @Test(.requirements("N72")) func `keep a PF while it has virtual functions`() throws {
        let problem = try refusal(handOver(SampleHost.parent))
        #expect(problem.code == .virtualFunctionsInUse)
        #expect(problem.evidence == ["0000:b1:00.0 has 2 virtual functions"])
    }

    @Test(.requirements("V39")) func `keep a device with its VM`() throws {
        var usage = Usage()
        usage.give([SampleHost.gpu], to: "cad-07")
        let units = [SampleHost.unit(SampleHost.gpu)]
        #expect(try refusal(.start(vm: "other", claim: nil, units: units), usage).code == .inUse)
        #expect(try refusal(.prepare(units), usage).code == .inUse)
        usage.bindings[SampleHost.gpu.key] = Binding(kept: .pci(driver: "nvidia", override: nil), plan: "p-0")
        #expect(try refusal(.release(units), usage).code == .inUse)
        let stop = Change.stop(vm: "other", claim: nil, units: [], giveBack: units, force: false)
        #expect(try refusal(stop, usage).code == .inUse)
    }

    @Test func `leave alone what Patchbay did not bind`() throws {
        var inventory = SampleHost.inventory()
        let release = Change.release([SampleHost.unit(SampleHost.a100)])
        #expect(try refusal(release, on: inventory).code == .wrongState)
        inventory.functions[inventory.index(of: SampleHost.a100)!].driver = "vfio-pci"
        #expect(try refusal(release, on: inventory).code == .foreignBinding)
    }

    @Test func `answer the same right before a write`() throws {
        let planner = Planner(inventory: SampleHost.inventory(), usage: Usage())
        #expect(planner.refusal(for: SampleHost.unit(SampleHost.a100)) == nil)
        var later = planner
        later.inventory.hostUses[SampleHost.a100] = [HostUse(.mount, .critical, chain: ["/data", "x"])]
        #expect(later.refusal(for: SampleHost.unit(SampleHost.a100))?.code == .hostCritical)
    }

    @Test(arguments: 0..<60 as Range<UInt64>) func `always come with evidence and a next step`(_ seed: UInt64) throws {
        let host = RandomHost(seed: seed)
        let planner = Planner(inventory: host.inventory, usage: host.usage)
        for function in host.inventory.functions {
            let unit = host.inventory.unit(of: function.address)!
            let changes: [Change] = [
                .prepare([unit]), .release([unit]), .start(vm: "v", claim: nil, units: [unit]),
                .stop(vm: "v", claim: nil, units: [unit], giveBack: [unit], force: true),
                .undo(plan: "p", steps: [.probe(function.address, to: "vfio-pci")]),
            ]
            for change in changes {
                do { _ = try planner.plan(change, id: "p") } catch {
                    #expect(!error.evidence.isEmpty && !error.next.isEmpty, "\(host): \(error)")
                    #expect(!error.detail.contains("..") && error.detail.first?.isUppercase == true, "\(error.detail)")
                }
            }
        }
    }
}

@Suite struct `Taking back a plan` {
    private let inventory = SampleHost.inventory()
    private let units = [SampleHost.unit(SampleHost.a100)]

    private func undo(_ steps: [Step], on inventory: Inventory, _ usage: Usage = Usage()) throws -> Plan {
        try Planner(inventory: inventory, usage: usage).plan(.undo(plan: "p-1", steps: steps), id: "p-2")
    }

    @Test func `goes back step by step`() throws {
        let done = try Planner(inventory: inventory, usage: Usage()).plan(
            .start(vm: "v", claim: nil, units: units), id: "p-1"
        ).steps
        let plan = try undo(done, on: inventory.after(done))
        #expect(plan.title == "Undo plan p-1")
        #expect(
            plan.steps == [
                .stopVM("v", timeoutSeconds: 0, force: true), .unplug(vm: "v", devices: [SampleHost.a100.key]),
                .unbind(SampleHost.a100, from: "vfio-pci"),
                .setOverride(SampleHost.a100, from: "vfio-pci", to: nil), .probe(SampleHost.a100, to: "nvidia"),
            ])
        #expect(plan.findings.map(\.code) == ["vm-is-ended"])
    }

    @Test func `is refused when the host is not as the plan left it`() throws {
        let done = try Planner(inventory: inventory, usage: Usage()).plan(.prepare(units), id: "p-1").steps
        let problem = try #require(throws: Problem.self) { try undo(done, on: inventory) }
        #expect(problem.code == .planNotCurrent)
        #expect(problem.evidence == ["driver of 0000:41:00.0 is nvidia, expected vfio-pci"])
    }

    @Test func `is refused when nothing can be taken back`() throws {
        for steps in [[], [Step.loadModule("vfio-pci")]] {
            let problem = try #require(throws: Problem.self) { try undo(steps, on: inventory) }
            #expect(problem.code == .notUndoable)
        }
    }

    @Test func `is refused while another VM has the device`() throws {
        let done = try Planner(inventory: inventory, usage: Usage()).plan(.prepare(units), id: "p-1").steps
        var usage = Usage()
        usage.give([SampleHost.a100], to: "trainer-01")
        let problem = try #require(throws: Problem.self) { try undo(done, on: inventory.after(done), usage) }
        #expect(problem.code == .inUse)
    }

    @Test func `of a release asks the host again`() throws {
        var inventory = inventory
        let back: [Step] = [
            .unbind(SampleHost.a100, from: "vfio-pci"), .setOverride(SampleHost.a100, from: "vfio-pci", to: nil),
            .probe(SampleHost.a100, to: "nvidia"),
        ]
        #expect(try undo(back, on: inventory).steps.last == .probe(SampleHost.a100, to: "vfio-pci"))
        inventory.hostUses[SampleHost.a100] = [HostUse(.bootDisplay, .critical, chain: ["console", "0000:41:00.0"])]
        let problem = try #require(throws: Problem.self) { try undo(back, on: inventory) }
        #expect(problem.code == .bootDisplay)
    }
}
