import PatchbayCore
import PatchbayStore
import Testing

extension StoreContract {
    package static func watchTellsThePast(_ store: any Store) async throws {
        _ = try await store.commit([.put("hosts/a", [1])], if: [])
        _ = try await store.commit([.put("hosts/ab", [2]), .put("pools/p", [2]), .put("hosts/b", [2])], if: [])
        _ = try await store.commit([.delete("hosts/a")], if: [])
        let whole = try await first(4, of: store.watch("hosts/", after: 0))
        #expect(
            whole == [
                StoreChange(revision: 1, key: "hosts/a", value: [1]),
                StoreChange(revision: 2, key: "hosts/ab", value: [2]),
                StoreChange(revision: 2, key: "hosts/b", value: [2]),
                StoreChange(revision: 3, key: "hosts/a", value: nil),
            ])
        let part = try await first(2, of: store.watch("hosts/a", after: 1))
        #expect(part.map(\.key) == ["hosts/ab", "hosts/a"])
    }

    /// The watch is asked for before the commits are made, and nothing else happens in between.
    package static func watchTellsWhatHappensNow(_ store: any Store) async throws {
        _ = try await store.commit([.put("vms/old", [0])], if: [])
        let changes = store.watch("vms/", after: 1)
        async let seen = first(3, of: changes)
        for number in 1...3 {
            _ = try await store.commit([.put("vms/\(number)", [UInt8(number)]), .put("other", [1])], if: [])
        }
        let keys = try await seen.map(\.key)
        #expect(keys == ["vms/1", "vms/2", "vms/3"])
    }

    /// `list`, then `watch` from its revision, while others write: together they are the whole truth.
    package static func listAndWatchMissNothing(_ store: any Store) async throws {
        let count = 200
        async let written: Void = write(count, to: store)
        let (values, revision) = try await store.list("n/")
        let rest = try await first(count - values.count, of: store.watch("n/", after: revision))
        try await written
        let keys = values.map(\.key) + rest.map(\.key)
        #expect(keys.count == count)
        #expect(Set(keys).count == count)
        #expect(rest.map(\.revision) == rest.map(\.revision).sorted())
        #expect(rest.allSatisfy { $0.revision > revision })
    }

    package static func watchersSeeTheSame(_ store: any Store) async throws {
        let count = 60
        let seen = try await withThrowingTaskGroup(of: [StoreChange].self) { group in
            for start in [0, 0, 20] {
                group.addTask { try await first(count - start, of: store.watch("n/", after: start)) }
            }
            try await write(count, to: store)
            return try await group.reduce(into: [[StoreChange]]()) { $0.append($1) }
        }
        let longest = try #require(seen.max { $0.count < $1.count })
        #expect(longest.map(\.revision) == Array(1...count))
        for changes in seen { #expect(changes == Array(longest.suffix(changes.count))) }
    }

    package static func compactionForgetsThePast(_ store: any Store) async throws {
        for number in 1...5 { _ = try await store.commit([.put("n/\(number)", [1])], if: []) }
        try await store.compact(before: 4)
        let error = await #expect(throws: CompactedError.self) { try await first(1, of: store.watch("n/", after: 2)) }
        #expect(error?.compactedBefore == 4)
        let rest = try await first(2, of: store.watch("n/", after: 3))
        #expect(rest.map(\.key) == ["n/4", "n/5"])
        let (values, revision) = try await store.list("n/")
        #expect(values.count == 5, "what is, stays")
        #expect(revision == 5)
        try await store.compact(before: 2)
        try await store.compact(before: 1_000)
        async let next = first(1, of: store.watch("n/", after: 5))
        let sixth = try await store.commit([.put("n/6", [1])], if: [])
        #expect(sixth == 6)
        let keys = try await next.map(\.key)
        #expect(keys == ["n/6"])
    }

    /// Compacting away what a watcher has not read yet must not look like nothing happened.
    package static func aWatcherLeftBehindIsTold(_ store: any Store) async throws {
        _ = try await store.commit([.put("n/1", [1])], if: [])
        var changes = store.watch("n/", after: 0).makeAsyncIterator()
        let one = try await changes.next()
        #expect(one?.key == "n/1")
        for number in 2...4 { _ = try await store.commit([.put("n/\(number)", [1])], if: []) }
        try await store.compact(before: 4)
        await #expect(throws: CompactedError.self) { try await changes.next() }
    }

    package static func aCancelledWatchEnds(_ store: any Store) async throws {
        let (started, startedContinuation) = AsyncStream<Void>.makeStream()
        let watcher = Task {
            var count = 0
            for try await _ in store.watch("n/", after: 0) {
                count += 1
                startedContinuation.yield()
            }
            return count
        }
        _ = try await store.commit([.put("n/1", [1])], if: [])
        for await _ in started { break }
        watcher.cancel()
        let count = try await watcher.value
        #expect(count == 1)
    }

    private static func first(
        _ count: Int, of changes: AsyncThrowingStream<StoreChange, any Error>
    ) async throws -> [StoreChange] {
        var seen: [StoreChange] = []
        guard count > 0 else { return seen }
        for try await change in changes {
            seen.append(change)
            if seen.count == count { break }
        }
        return seen
    }

    /// Puts `n/0` to `n/<count - 1>`, a commit each.
    private static func write(_ count: Int, to store: any Store) async throws {
        for number in 0..<count { _ = try await store.commit([.put("n/\(number)", [1])], if: []) }
    }
}
