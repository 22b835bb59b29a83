import PatchbayCore
import PatchbayStore
import Testing

/// What every `Store` does, whatever its engine: run for each of them. Each check wants an empty store.
///
/// The watching half is in `StoreContract+Watch.swift`.
package enum StoreContract {
    package static func keepsWhatItIsGiven(_ store: any Store) async throws {
        let missing = try await store.get("pools/a")
        #expect(missing == nil)
        let bytes: [UInt8] = [0, 255, 10, 0, 128]
        let first = try #require(try await store.commit([.put("pools/a", bytes)], if: []))
        let second = try #require(try await store.commit([.put("pools/a", []), .put("pools/b", [1])], if: []))
        #expect(first > 0)
        #expect(second == first + 1)
        let a = try await store.get("pools/a")
        let b = try await store.get("pools/b")
        #expect(a == StoredValue(key: "pools/a", value: [], created: first, modified: second))
        #expect(b == StoredValue(key: "pools/b", value: [1], created: second, modified: second))
    }

    package static func deletedKeysAreGone(_ store: any Store) async throws {
        _ = try await store.commit([.put("vms/a", [1])], if: [])
        let deleted = try #require(try await store.commit([.delete("vms/a")], if: []))
        let gone = try await store.get("vms/a")
        #expect(gone == nil)
        let again = try #require(try await store.commit([.put("vms/a", [2])], if: [.absent("vms/a")]))
        #expect(again == deleted + 1)
        let value = try #require(try await store.get("vms/a"))
        #expect(value.created == again, "made anew, not changed")
    }

    package static func nothingChangedIsNoCommit(_ store: any Store) async throws {
        let before = try #require(try await store.commit([.put("a", [1])], if: []))
        let deletedNothing = try await store.commit([.delete("b")], if: [])
        let empty = try await store.commit([], if: [.present("a")])
        let refused = try await store.commit([], if: [.absent("a")])
        #expect(deletedNothing == before)
        #expect(empty == before)
        #expect(refused == nil)
    }

    package static func conditionsDecide(_ store: any Store) async throws {
        let made = try #require(try await store.commit([.put("a", [1])], if: [.absent("a")]))
        let changed = try #require(try await store.commit([.put("a", [2])], if: [.unchanged("a", since: made)]))
        let refusals: [[Precondition]] = [
            [.absent("a")], [.present("b")], [.unchanged("a", since: made)], [.unchanged("b", since: made)],
            [.present("a"), .absent("a")], [.unchanged("a", since: changed), .present("b")],
            [.unchanged("a", since: 0)],
        ]
        for conditions in refusals {
            let revision = try await store.commit([.put("a", [9]), .put("c", [9])], if: conditions)
            #expect(revision == nil, "\(conditions)")
        }
        let (values, revision) = try await store.list("")
        #expect(values == [StoredValue(key: "a", value: [2], created: made, modified: changed)])
        #expect(revision == changed)
        let held: [Precondition] = [.present("a"), .absent("b"), .unchanged("b", since: 0)]
        let last = try await store.commit([.delete("a")], if: held)
        #expect(last == changed + 1)
    }

    package static func aStaleWriteChangesNothing(_ store: any Store) async throws {
        let read = try #require(try await store.commit([.put("pools/a", [1])], if: []))
        let other = try #require(try await store.commit([.put("pools/a", [2])], if: []))
        let stale = try await store.commit(
            [.put("pools/a", [3]), .put("pools/b", [3])],
            if: [.unchanged("pools/a", since: read)])
        #expect(stale == nil)
        let (values, revision) = try await store.list("")
        #expect(values.map(\.value) == [[2]])
        #expect(revision == other)
    }

    /// Whatever was made before the device that is in use was found.
    package static func aRefusedClaimLeavesNothing(_ store: any Store) async throws {
        let first = try #require(
            try await store.commit([.put("allocations/b", [1]), .put("claims/1", [1])], if: [.absent("allocations/b")]))
        let writes: [Write] = ["claims/2", "allocations/a", "audit/2", "allocations/b", "allocations/c"].map {
            .put($0, [2])
        }
        let wanted = ["claims/2", "allocations/a", "allocations/b", "allocations/c"].map { Precondition.absent($0) }
        let refused = try await store.commit(writes, if: wanted)
        #expect(refused == nil)
        let twice = try await store.commit(writes, if: wanted + [.present("claims/1")])
        #expect(twice == nil)
        let (values, revision) = try await store.list("")
        #expect(values.map(\.key) == ["allocations/b", "claims/1"] && revision == first)
        _ = try #require(try await store.commit([.delete("allocations/b"), .delete("claims/1")], if: []))
        let granted = try await store.commit(writes, if: wanted)
        #expect(granted == first + 2)
        let after = try await store.list("")
        #expect(after.values.map(\.created) == Array(repeating: first + 2, count: 5))
        #expect(after.values.map(\.value) == Array(repeating: [2], count: 5))
    }

    package static func aKeyIsWrittenOnceACommit(_ store: any Store) async throws {
        let twice: [[Write]] = [
            [.put("a", [1]), .put("a", [2])], [.put("b", [1]), .put("a", [1]), .delete("a")],
            [.delete("a"), .delete("a")],
        ]
        for writes in twice {
            let problem = await #expect(throws: Problem.self) { try await store.commit(writes, if: []) }
            #expect(problem?.code == .malformedInput)
        }
        let (values, revision) = try await store.list("")
        #expect(values.isEmpty && revision == 0)
    }

    package static func listsSortedAndApart(_ store: any Store) async throws {
        let keys = ["hosts/b", "hosts/a", "hosts/ab", "hosts", "host", "hosts/a/x", "hostsé", "hosts0", "zz"]
        let revision = try #require(try await store.commit(keys.map { .put($0, Array($0.utf8)) }, if: []))
        let all = try await store.list("")
        #expect(all.values.map(\.key) == keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        let hosts = try await store.list("hosts/")
        #expect(hosts.values.map(\.key) == ["hosts/a", "hosts/a/x", "hosts/ab", "hosts/b"])
        #expect(hosts.values.map(\.value) == hosts.values.map { Array($0.key.utf8) })
        #expect(hosts.revision == revision)
        let one = try await store.list("hosts/a/")
        #expect(one.values.map(\.key) == ["hosts/a/x"])
        let none = try await store.list("pools/")
        #expect(none.values.isEmpty && none.revision == revision)
    }

    /// `String` calls the two spellings of é equal; a key is its bytes.
    package static func keysAreBytes(_ store: any Store) async throws {
        let composed = "vms/caf\u{e9}"
        let decomposed = "vms/cafe\u{301}"
        let last = "vms/\u{10ffff}"
        let writes: [Write] = [.put(composed, [1]), .put(decomposed, [2]), .put(last, [3]), .put(last + "x", [4])]
        _ = try #require(try await store.commit(writes, if: []))
        let first = try await store.get(composed)
        let second = try await store.get(decomposed)
        #expect(first?.value == [1])
        #expect(second?.value == [2])
        let listed = try await store.list("vms/cafe")
        #expect(listed.values.map(\.value) == [[2]])
        let end = try await store.list(last)
        #expect(end.values.map(\.value) == [[3], [4]])
    }

    package static func badKeysAndHugeValuesAreRefused(_ store: any Store) async throws {
        let long = String(repeating: "k", count: StoreLimits.keyBytes + 1)
        let huge = [UInt8](repeating: 7, count: StoreLimits.valueBytes + 1)
        let cases: [([Write], [Precondition], ProblemCode)] = [
            ([.put("", [1])], [], .malformedInput), ([.delete("")], [], .malformedInput),
            ((0...StoreLimits.writes).map { .delete("n/\($0)") }, [], .tooLarge), ([], [.absent("")], .malformedInput),
            ([.put("a\0b", [1])], [], .malformedInput),
            ([.put("a\n", [1])], [], .malformedInput), ([.put(long, [1])], [], .tooLarge),
            ([.put("fine", [1]), .put("huge", huge)], [], .tooLarge),
        ]
        for (writes, conditions, code) in cases {
            let problem = await #expect(throws: Problem.self) { try await store.commit(writes, if: conditions) }
            #expect(problem?.code == code)
        }
        let revision = try await store.commit([.put("huge", huge.dropLast())], if: [])
        #expect(revision == 1, "the largest value that is allowed, and nothing before it")
        let kept = try await store.get("huge")
        #expect(kept?.value.count == StoreLimits.valueBytes)
    }

    /// One key, many who want it at once: the heart of an exclusive allocation.
    package static func exactlyOneClaimWins(_ store: any Store) async throws {
        let contenders = 40
        let won = try await withThrowingTaskGroup(of: (UInt8, Revision?).self) { group in
            for name in 0..<UInt8(contenders) {
                group.addTask {
                    let writes: [Write] = [
                        .put("allocations/atlas/0000:41:00.0", [name]), .put("claims/\(name)", [name]),
                    ]
                    return (name, try await store.commit(writes, if: [.absent("allocations/atlas/0000:41:00.0")]))
                }
            }
            return try await group.reduce(into: [UInt8]()) { if $1.1 != nil { $0.append($1.0) } }
        }
        #expect(won.count == 1)
        let (values, revision) = try await store.list("")
        #expect(values.map(\.value) == [won, won], "the winner wrote both keys, the others none")
        #expect(revision == 1)
    }

    package static func revisionsGrowOneByOne(_ store: any Store) async throws {
        let count = 100
        let revisions = try await withThrowingTaskGroup(of: Revision?.self) { group in
            for number in 0..<count { group.addTask { try await store.commit([.put("n/\(number)", [1])], if: []) } }
            return try await group.reduce(into: [Revision]()) { if let revision = $1 { $0.append(revision) } }
        }
        #expect(revisions.sorted() == Array(1...count))
        let (values, revision) = try await store.list("n/")
        #expect(Set(values.map(\.modified)) == Set(1...count), "each commit is its own")
        #expect(revision == count)
    }

    /// Read, add one, write if unchanged, else again: no increment is lost.
    package static func compareAndSwapLosesNothing(_ store: any Store) async throws {
        let (tasks, each) = (8, 10)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<tasks {
                group.addTask { for _ in 0..<each { try await increment("counter", in: store) } }
            }
            try await group.waitForAll()
        }
        let counter = try await store.get("counter")
        #expect(counter?.value == [UInt8(tasks * each)])
    }

    private static func increment(_ key: String, in store: any Store) async throws {
        var written: Revision?
        while written == nil {
            let old = try await store.get(key)
            let next = (old?.value.first ?? 0) + 1
            written = try await store.commit([.put(key, [next])], if: [.unchanged(key, since: old?.modified ?? 0)])
        }
    }
}
