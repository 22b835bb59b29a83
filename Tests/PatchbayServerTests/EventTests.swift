import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct `Events` {
    private func take(
        _ count: Int, of stream: AsyncThrowingStream<API.Event, any Error>
    ) async throws -> [API.Event] {
        var events: [API.Event] = []
        for try await event in stream {
            events.append(event)
            if events.count == count { break }
        }
        return events
    }

    @Test(arguments: StoreKind.allCases)
    func `go on behind the one that was seen last, each once`(_ kind: StoreKind) async throws {
        try await Scene.with(kind) { scene in
            let live = try await scene.plane.eventStream(after: nil)
            for number in 1...5 {
                _ = try await scene.plane.createPool(API.PoolDraft(name: "p\(number)"), dryRun: false)
            }
            let seen = try await take(5, of: live)
            #expect(seen.map(\.subject) == (1...5).map { "pool p\($0)" })
            let resumed = try await take(3, of: try await scene.plane.eventStream(after: seen[1].id))
            #expect(resumed == Array(seen[2...]))
            #expect(Set(seen.map(\.id)).count == 5)
        }
    }

    @Test func `tell a reader to look again when some are gone`() async throws {
        try await Scene.with { scene in
            for number in 1...5 {
                _ = try await scene.plane.createPool(API.PoolDraft(name: "p\(number)"), dryRun: false)
            }
            try await scene.store.compact(before: try await scene.revision)
            let stream = try await scene.plane.eventStream(after: 1)
            #expect(try await take(1, of: stream).map(\.kind) == ["resync"])
            let future = try await scene.plane.eventStream(after: 10_000)
            #expect(try await take(1, of: future).map(\.kind) == ["resync"])
        }
    }

    @Test func `are one for each commit, so that a number says what was seen`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            let before = try await scene.revision
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            let after = try await scene.revision
            let events = try await take(after - before, of: try await scene.plane.eventStream(after: before))
            #expect(events.map(\.id) == Array(before + 1...after))
            #expect(events.first?.kind == "vm.started")
            #expect(events.last?.kind == "plan.applied")
        }
    }
}
