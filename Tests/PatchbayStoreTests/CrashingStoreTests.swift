import PatchbayCore
import PatchbayStore
import PatchbayTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct `A store that dies` {
    private static let writes: [Write] = [.put("claims/1", [1])]

    @Test(arguments: [
        (CrashingStore.Point.beforeCommit(2), ["first"]), (.afterCommit(2), ["first", "second"]),
    ]) func `has what was durable and says nothing more`(_ point: CrashingStore.Point, _ left: [String]) async throws {
        let store = CrashingStore(MemoryStore(), dyingAt: point)
        _ = try await store.commit([.put("first", [1])], if: [])
        let calls: [@Sendable () async throws -> Void] = [
            { _ = try await store.commit([.put("second", [1])], if: []) },
            { _ = try await store.commit([.put("third", [1])], if: []) },
            { _ = try await store.get("first") }, { _ = try await store.list("") },
            { try await store.compact(before: 1) },
            { for try await _ in store.watch("", after: 0) {} },
        ]
        for call in calls {
            let problem = await #expect(throws: Problem.self) { try await call() }
            #expect(problem?.code == .interrupted)
        }
        let remains = try await store.remains().list("").values.map(\.key)
        #expect(remains == left)
    }

    @Test func `has all or nothing of a commit that it died in`() async throws {
        let store = CrashingStore(MemoryStore(), dyingAt: .duringCommit(1))
        let problem = await #expect(throws: Problem.self) {
            try await store.commit([.put("a", [1]), .put("b", [1])], if: [])
        }
        #expect(problem?.code == .interrupted)
        let remains = try await store.remains().list("").values.map(\.key)
        #expect(remains.isEmpty || remains == ["a", "b"])
    }

    @Test func `ends its watches`() async throws {
        let store = CrashingStore(MemoryStore(), dyingAt: .never)
        _ = try await store.commit([.put("a", [1])], if: [])
        var changes = store.watch("", after: 0).makeAsyncIterator()
        let first = try await changes.next()
        #expect(first?.key == "a")
        async let dead: Void = store.die()
        let problem = await #expect(throws: Problem.self) { try await changes.next() }
        #expect(problem?.code == .interrupted)
        await dead
    }

    @Test func `dies in the way it is told to`() async throws {
        await confirmation { died in
            let store = CrashingStore(MemoryStore(), dyingAt: .beforeCommit(1)) { died() }
            _ = await #expect(throws: Problem.self) { try await store.commit(Self.writes, if: []) }
            await store.die()
        }
    }
}
