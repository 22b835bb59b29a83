import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct `A host that cannot be read` {
    private static let slow = Problem(
        .timedOut, "Reading the host did not end within 30 s.", next: ["Look at its load."])

    @Test func `shows neither a running VM nor a free device, and says since when and why`() async throws {
        try await Scene.with { scene in
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            try await scene.plane.unreadable(Self.slow, host: "atlas")
            #expect(try await scene.plane.vm("one").state == .unknown)
            let device = try await scene.plane.device("41:00.0")
            #expect(device.state == .blocked)
            #expect(device.reason.contains("Reading the host did not end"))
            let findings = try await scene.plane.status().findings
            #expect(findings.contains { $0.code == "host-unreadable" && $0.sentence.contains("30 s") })

            try await scene.agent.report()
            #expect(try await scene.plane.vm("one").state == .running)
            #expect(try await scene.state(of: "41:00.0") == .free)
            #expect(try await !scene.plane.status().findings.contains { $0.code == "host-unreadable" })
        }
    }

    @Test func `gets no plan, dry or not, and nothing new is placed on it`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            try await scene.plane.unreadable(Self.slow, host: "atlas")
            for dryRun in [true, false] {
                let refusal = try await problem { _ = try await scene.plane.startVM("one", dryRun: dryRun) }
                #expect(refusal.code == .unreadable)
                #expect(refusal.evidence.first?.contains("did not end") == true)
            }
            let draft = API.ClaimDraft(
                owner: API.ClaimOwner(kind: .system, name: "slurm/1"), requests: [API.RequestDraft(pool: "gpus")])
            #expect(try await !scene.plane.explain(draft).fits)
            try await scene.agent.report()
            #expect(try await scene.plane.explain(draft).fits)
        }
    }

    @Test func `is left out when a pool prepares its devices, which is said`() async throws {
        try await Scene.with { scene in
            try await scene.plane.unreadable(Self.slow, host: "atlas")
            let rule = Drafts.rule("gpu", "address", "=", "0000:41:00.0")
            let change = try await scene.plane.createPool(Drafts.pool("gpus", [rule], .eager), dryRun: true)
            #expect(change.plans.isEmpty)
            #expect(change.findings.contains { $0.subject == "atlas" && $0.sentence.contains("cannot be read") })
        }
    }

    @Test func `is handed no plan that was made before`() async throws {
        try await Scene.with { scene in
            let plan = try await scene.plane.startVM("one", dryRun: false).plans[0]
            try await scene.plane.unreadable(Self.slow, host: "atlas")
            let work = try await scene.plane.work(host: "atlas", waitSeconds: 0)
            #expect(work.isEmpty)
            try await scene.agent.work()
            #expect(try await scene.plane.plan(plan.id).waitsFor?.contains("cannot be read") == true)
            try await scene.agent.report()
            try await scene.agent.work()
            #expect(try await scene.plane.plan(plan.id).phase == "applied")
        }
    }

    @Test func `is what one counts as whose report cannot be believed`() async throws {
        try await Scene.with { scene in
            var report = FullReport.report
            report.inventory.host.memoryMiB = -1
            let told = report
            let asking = Task { try await problem { _ = try await scene.plane.refreshHost("atlas") } }
            var work: [AgentProtocol.Work] = []
            while work.isEmpty { work = try await scene.plane.work(host: "atlas", waitSeconds: 1) }
            let refused = try await problem { try await scene.plane.report(told, host: "atlas") }
            #expect(refused.detail.contains("memoryMiB"))
            // Whoever asked is answered by now, or would wait for half a minute.
            asking.cancel()
            let answer = try await asking.value
            #expect(answer.evidence.first == refused.detail)
            let findings = try await scene.plane.host("atlas").findings
            #expect(findings.contains { $0.code == "host-unreadable" && $0.sentence.contains("memoryMiB") })
            #expect(try await scene.state(of: "41:00.0") == .blocked)
            try await scene.agent.report()
            #expect(try await scene.state(of: "41:00.0") == .free)
        }
    }

    @Test func `is told why by whoever asks it to be read again`() async throws {
        try await Scene.with { scene in
            async let refreshed = problem { _ = try await scene.plane.refreshHost("atlas") }
            var work: [AgentProtocol.Work] = []
            while work.isEmpty { work = try await scene.plane.work(host: "atlas", waitSeconds: 1) }
            try await scene.plane.unreadable(Self.slow, host: "atlas")
            #expect(try await refreshed.evidence.first == Self.slow.detail)
        }
    }

    @Test func `is read again only when what was read after that was asked is there`() async throws {
        try await Scene.with { scene in
            async let refreshed = scene.plane.refreshHost("atlas")
            var work: [AgentProtocol.Work] = []
            while work.isEmpty { work = try await scene.plane.work(host: "atlas", waitSeconds: 1) }
            let number = try #require(
                work.compactMap { if case .refresh(let number) = $0 { number } else { nil } }.first)
            await scene.agent.answer(refresh: 0)
            try await scene.agent.report()
            try await scene.plane.report(domains: [], host: "atlas")
            await scene.agent.change { $0.host.memoryMiB = 4096 }
            await scene.agent.answer(refresh: number)
            try await scene.agent.report()
            #expect(try await refreshed.memoryMiB == 4096)
        }
    }

    @Test func `has no plan that is over without what was read after it`() async throws {
        try await Scene.with { scene in
            let start = try await scene.plane.startVM("one", dryRun: false)
            let id = try #require(start.plans.first?.id)
            let refusal = try await problem {
                try await scene.plane.progress(
                    AgentProtocol.Progress(plan: id, phase: .applied, progress: [.done(milliseconds: 1)]), host: "atlas"
                )
            }
            #expect(refusal.code == .malformedInput)
            #expect(try await scene.plane.plan(id).phase == "queued")
        }
    }

    /// A plan without steps, made when the device was thought to be back on its driver.
    @Test func `keeps the record of a binding that is seen to stand`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.prepareDevices(["41:00.0"], dryRun: false)
            try await scene.agent.work()
            await scene.agent.change(host: { $0.bind(SampleHost.gpuA, to: "nvidia", override: nil) })
            try await scene.agent.report()
            let release = try await scene.plane.releaseDevices(["41:00.0"], dryRun: false)
            #expect(release.plans.first?.steps.isEmpty == true)
            await scene.agent.change(host: { $0.bind(SampleHost.gpuA, to: "vfio-pci", override: "vfio-pci") })
            try await scene.agent.work()
            #expect(try await scene.plane.device("41:00.0").binding?.originalDriver == "nvidia")
            _ = try await scene.plane.releaseDevices(["41:00.0"], dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.plane.device("41:00.0").driver == "nvidia")
            #expect(try await scene.plane.device("41:00.0").binding == nil)
        }
    }
}

extension Inventory {
    fileprivate mutating func bind(_ address: PCIAddress, to driver: String?, override: String?) {
        guard let index = index(of: address) else { return }
        functions[index].driver = driver
        functions[index].driverOverride = override
    }
}
