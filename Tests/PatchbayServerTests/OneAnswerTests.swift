import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import PatchbayText
import Testing

/// What is told before a start is what the start does.
@Suite struct `Creation, explanation, dry run and start` {
    private static let eightGiB = HostSurvey(
        platform: HostPlatform(
            numaCells: [
                NUMACell(
                    node: NUMANode(0), cpus: Array(0..<8), cores: (0..<4).map { [$0, $0 + 4] }, sockets: [0],
                    memoryMiB: 8192,
                    distances: [10])
            ], cpu: CPULayout(threads: 8)))

    @Test func `all refuse a guest that has no room, and say so first when it is made`() async throws {
        try await Scene.with { scene in
            await scene.agent.change(host: { $0.survey = Self.eightGiB })
            try await scene.agent.report()
            let made = try await scene.plane.createVM(
                API.VMDraft(name: "big", host: "atlas", memoryMiB: 999_999, disk: "/var/lib/big.qcow2"), dryRun: false)
            #expect(made.findings.contains { $0.code == "cannot-start-now" && $0.sentence.contains("MiB") })
            try await scene.agent.work()
            #expect(try await !scene.plane.explainVM("big").fits)
            for dryRun in [true, false] {
                let refusal = try await problem { _ = try await scene.plane.startVM("big", dryRun: dryRun) }
                #expect(refusal.code == .noFit)
            }
        }
    }

    /// The way of most who have a guest with a GPU already.
    @Test func `all take a device that the VM has in its definition already`() async throws {
        try await Scene.with { scene in
            await scene.agent.define(SampleHost.gpuA, in: "one")
            try await scene.agent.report()
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(device: "41:00.0"), to: "one", dryRun: false)
            #expect(try await scene.plane.explainVM("one").fits)
            let preview = try await scene.plane.startVM("one", dryRun: true)
            #expect(preview.plans.first?.findings.contains { $0.code == "already-defined" } == true)
            #expect(preview.plans.first?.steps.map(\.verb) == ["unbind", "override", "probe", "start"])
            let id = try #require(try await scene.plane.startVM("one", dryRun: false).plans.first?.id)
            try await scene.agent.work()
            #expect(try await scene.plane.plan(id).phase == "applied")
            #expect(try await scene.plane.vm("one").now.map(\.device) == ["atlas/0000:41:00.0"])
            _ = try await scene.plane.stopVM("one", API.PowerRequest(), dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.plane.device("41:00.0").driver == "nvidia")
        }
    }

    @Test func `do not take it for another VM`() async throws {
        try await Scene.with { scene in
            await scene.agent.define(SampleHost.gpuA, in: "two")
            try await scene.agent.report()
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(device: "41:00.0"), to: "one", dryRun: false)
            #expect(try await !scene.plane.explainVM("one").fits)
            let refusal = try await problem { _ = try await scene.plane.startVM("one", dryRun: true) }
            #expect(refusal.code == .noFit)
        }
    }

    /// Explaining takes a thousand times as long as deciding.
    @Test func `are explained when nobody is kept waiting, and only while somebody waits`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus", count: 2), to: "one", dryRun: false)
            let abandoned = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await problem { _ = try await scene.plane.startVM("one", dryRun: false) }
            }
            let answer = try await abandoned.value
            #expect(answer.code == .interrupted)
            let refusal = try await problem { _ = try await scene.plane.startVM("one", dryRun: false) }
            #expect(refusal.code == .noFit)
            #expect(refusal.next.lines.last == "See more:  patchbay vm explain one")
        }
    }
}
