import PatchbayAPI
import PatchbayStore
import PatchbayTesting
import Testing

@testable import PatchbayCore
@testable import PatchbayServer

@Suite struct `What is stored and cannot be read` {
    private func put(_ key: String, _ text: String, into store: any Store) async throws {
        _ = try await store.commit([.put(key, Array(text.utf8))], if: [])
    }

    @Test(arguments: [("99", 1), ("3", 1), ("1", 4)])
    func `stops the start where a newer or an earlier Patchbay wrote it`(_ version: String, steps: Int) async throws {
        for text in ["{\"version\":\(version),\"value\":{}}", "{\"version\":\(version),\"other\":true}"] {
            let store = MemoryStore()
            try await put("claims/one", text, into: store)
            let plane = ControlPlane.forTest(store)
            let refused = try await problem { try await plane.load() }
            #expect(refused.code == .storeFailed && refused.detail.contains("\"claims/one\" has version"))
            #expect(refused.next.count == steps)
        }
    }

    @Test func `is a finding for each key, and nothing is given away for it`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            let draft = API.ClaimDraft(
                id: "one", owner: API.ClaimOwner(kind: .system, name: "job"),
                requests: [API.RequestDraft(pool: "gpus")])
            _ = try await scene.plane.createClaim(draft, dryRun: false)
            try await put("claims/one", "garbage", into: scene.store)
            try await put("allocations/atlas/0000:41:00.0", "{}", into: scene.store)
            let plane = ControlPlane.forTest(scene.store)
            let findings = try await plane.status().findings.filter { $0.code == "unreadable-value" }
            #expect(findings.map(\.subject) == ["store allocations/atlas/0000:41:00.0", "store claims/one"])
            #expect(findings.allSatisfy { $0.severity == .problem && $0.next.count == 1 })
            #expect(try await plane.device("atlas/41:00.0").state == .allocated)
            var other = draft
            other.id = "two"
            #expect(try await problem { _ = try await plane.createClaim(other, dryRun: false) }.code == .noFit)
        }
    }

    @Test func `is dropped, or written anew where a claim says what it was`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            let draft = API.ClaimDraft(
                id: "one", owner: API.ClaimOwner(kind: .system, name: "job"),
                requests: [API.RequestDraft(pool: "gpus")])
            _ = try await scene.plane.createClaim(draft, dryRun: false)
            let device = "allocations/atlas/0000:41:00.0"
            let known = try await scene.store.get(device)?.value
            try await put(device, "{}", into: scene.store)
            var plane = ControlPlane.forTest(scene.store)
            #expect(
                try await plane.dropStored(device, dryRun: false).message
                    == "Recorded again: claim one holds atlas/41:00.0.")
            #expect(try await scene.store.get(device)?.value == known)
            #expect(try await problem { _ = try await plane.dropStored(device, dryRun: false) }.code == .wrongState)
            try await put("claims/one", "garbage", into: scene.store)
            plane = ControlPlane.forTest(scene.store)
            let preview = try await plane.dropStored("claims/one", dryRun: true)
            #expect(preview.findings.map(\.subject) == ["atlas/0000:41:00.0"])
            _ = try await plane.dropStored("claims/one", dryRun: false)
            #expect(try await scene.store.get("claims/one") == nil)
            #expect(try await plane.device("atlas/41:00.0").state == .free)
            #expect(try await plane.status().findings.contains { $0.code == "unreadable-value" } == false)
        }
    }

    @Test func `is a rule that would match nothing without a word`() async throws {
        try await Scene.with { scene in
            let conditions = [
                Condition(.name, .matches, "A100(?=x)"), Condition(.name, .matches, "(?:a{200}){9}"),
                Condition(.vendor, .equal, "nvidia"),
            ]
            let rules = conditions.enumerated().map { index, condition in
                Rule(name: "rule \(index)", conditions: [condition])
            }
            var commit = Commit()
            try commit.put(StateKey.pool("gpus"), Pool(name: "gpus", rules: rules))
            _ = try await scene.store.commit(commit.writes, if: [])
            let plane = ControlPlane.forTest(scene.store)
            for findings in [try await plane.status().findings, try await plane.pool("gpus").findings] {
                let refused = findings.filter { $0.code == "rule-refused" }
                #expect(refused.map(\.subject) == ["pool gpus", "pool gpus", "pool gpus"])
                #expect(refused.allSatisfy { $0.severity == .problem && !$0.next.isEmpty })
                let sentences = refused.map(\.sentence)
                try #require(sentences.count == 3)
                #expect(sentences[0].contains("\"rule 0\"") && sentences[0].contains("column 5: looking ahead"))
                #expect(sentences[1].contains("column 1: "))
                #expect(sentences[2].contains("\"nvidia\" is not a valid value of vendor."))
            }
        }
    }

    @Test func `of a host is stored anew with its next report`() async throws {
        try await Scene.with { scene in
            let keys =
                try await scene.store.list("inventories/atlas").values.map(\.key) + ["domains/atlas", "hosts/atlas"]
            for key in keys { try await put(key, "garbage", into: scene.store) }
            let plane = ControlPlane.forTest(scene.store)
            #expect(try await plane.status().findings.filter { $0.code == "unreadable-value" }.count == keys.count)
            try await ScriptedAgent(plane, domains: [SampleHost.domain("one")]).report()
            #expect(try await plane.status().findings.contains { $0.code == "unreadable-value" } == false)
            #expect(try await plane.hosts().count == 1)
        }
    }
}

@Suite struct `A store that takes nothing` {
    @Test func `is a finding until it takes something again`() async throws {
        let store = StubbornStore()
        let plane = ControlPlane.forTest(store)
        let agent = ScriptedAgent(plane)
        try await agent.report()
        await store.set(isFull: true)
        #expect(try await problem { try await agent.report() }.code == .storeFailed)
        let finding = try #require(try await plane.status().findings.first { $0.code == "store-failed" })
        #expect(finding.sentence.hasPrefix("Nothing can be stored since 2023-11-14T22:13:20Z: The disk is full."))
        #expect(finding.next == ["Make room."])
        await store.set(isFull: false)
        try await agent.report()
        #expect(try await plane.status().findings.contains { $0.code == "store-failed" } == false)
    }

    actor StubbornStore: Store {
        private let store = MemoryStore()
        private var isFull = false

        func set(isFull: Bool) { self.isFull = isFull }
        func get(_ key: String) async throws(Problem) -> StoredValue? { await store.get(key) }
        func list(_ prefix: String) async throws(Problem) -> (values: [StoredValue], revision: Revision) {
            await store.list(prefix)
        }
        func compact(before revision: Revision) async throws(Problem) { await store.compact(before: revision) }
        nonisolated func watch(
            _ prefix: String, after revision: Revision
        ) -> AsyncThrowingStream<StoreChange, any Error> { store.watch(prefix, after: revision) }
        func commit(_ writes: [Write], if conditions: [Precondition]) async throws(Problem) -> Revision? {
            guard !isFull else { throw Problem(.storeFailed, "The disk is full.", next: ["Make room."]) }
            return try await store.commit(writes, if: conditions)
        }
    }
}

@Suite(.timeLimit(.minutes(10))) struct `An explanation that nobody waits for` {
    @Test func `is not worked out`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            let plane = scene.plane
            let draft = API.ClaimDraft(
                owner: API.ClaimOwner(kind: .system, name: "job"),
                requests: [API.RequestDraft(pool: "gpus", count: 9)])
            let asking = Task {
                while !Task.isCancelled { await Task.yield() }
                return try await problem { _ = try await plane.explain(draft) }
            }
            asking.cancel()
            #expect(try await asking.value.code == .interrupted)
            // Whoever asks next is answered.
            #expect(try await problem { _ = try await plane.createClaim(draft, dryRun: false) }.code == .noFit)
        }
    }
}
