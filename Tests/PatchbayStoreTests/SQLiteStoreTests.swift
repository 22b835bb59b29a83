import Foundation
import GRDB
import Glibc
import PatchbayCore
import PatchbayStore
import PatchbayTesting
import Testing

@testable import PatchbayStoreSQLite

@Suite(.timeLimit(.minutes(10))) struct `The SQLite store` {
    @Test func `keeps everything over a restart`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.sqlite"
            try await fill(path)
            let store = try SQLiteStore(path: path)
            let (values, revision) = try await store.list("n/")
            #expect(values.map(\.key) == ["n/2", "n/3"])
            #expect(values.map(\.modified) == [2, 3])
            #expect(revision == 4)
            await #expect(throws: CompactedError.self) {
                for try await _ in store.watch("n/", after: 0) { break }
            }
            var changes = store.watch("n/", after: 1).makeAsyncIterator()
            for expected in [("n/2", 2, [2]), ("n/3", 3, [3]), ("n/1", 4, nil)] as [(String, Int, [UInt8]?)] {
                let change = try await changes.next()
                #expect(change == StoreChange(revision: expected.1, key: expected.0, value: expected.2))
            }
            let next = try await store.commit([.put("n/4", [4])], if: [.absent("n/1")])
            #expect(next == 5)
            let live = try await changes.next()
            #expect(live == StoreChange(revision: 5, key: "n/4", value: [4]))
        }
    }

    private func fill(_ path: String) async throws {
        let store = try SQLiteStore(path: path)
        for number in 1...3 { _ = try await store.commit([.put("n/\(number)", [UInt8(number)])], if: []) }
        _ = try await store.commit([.delete("n/1")], if: [])
        try await store.compact(before: 2)
        try await store.close()
    }

    @Test func `has one owner at a time`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.sqlite"
            do {
                let store = try SQLiteStore(path: path)
                let problem = #expect(throws: Problem.self) { try SQLiteStore(path: path) }
                #expect(problem?.code == .busy)
                #expect(problem?.detail == "The store \(path) is in use by another Patchbay.")
                #expect(problem?.evidence == ["\(path).lock is held by process \(getpid())"])
                _ = try await store.commit([.put("a", [1])], if: [])
                try await store.close()
            }
            let after = try SQLiteStore(path: path)
            let value = try await after.get("a")
            #expect(value?.value == [1])
        }
    }

    /// Closed twice, it would be another file of the process the second time.
    @Test func `that is in use closes its lock file once`() async throws {
        try await withTemporaryFolder { folder in
            _ = await #expect(processExitsWith: .success) { [folder = folder as String] in
                let path = folder + "/store.sqlite"
                let store = try SQLiteStore(path: path)
                let thread = Thread {
                    while true {
                        let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
                        usleep(20)
                        guard close(file) == 0 else { _exit(1) }
                    }
                }
                thread.start()
                for _ in 0..<3000 { #expect(throws: Problem.self) { try SQLiteStore(path: path) } }
                try await store.close()
            }
        }
    }

    /// As a program does that the server has just started and that has not yet let go of what it inherited.
    @Test func `is free when it is closed though a child still has its lock file open`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.sqlite"
            let store = try SQLiteStore(path: path)
            let own = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").first {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path + ".lock"
            }
            let inherited = dup(try #require(own.flatMap { Int32($0) }))
            defer { close(inherited) }
            try await store.close()
            try await SQLiteStore(path: path).close()
        }
    }

    @Test func `has every commit that returned when its process is killed`() async throws {
        try await withTemporaryFolder { folder in
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
                let store = try SQLiteStore(path: folder + "/store.sqlite")
                let acknowledged = open(folder + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<8 {
                        group.addTask {
                            for number in 0... {
                                let key = "n/\(writer)/\(number)"
                                _ = try await store.commit([.put(key, [1]), .put("m\(key)", [1])], if: [.absent(key)])
                                let line = Array("\(key)\n".utf8)
                                _ = write(acknowledged, line, line.count)
                                if number == 40 { kill(getpid(), SIGKILL) }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let acknowledged = try String(contentsOfFile: folder + "/acknowledged", encoding: .utf8).split(
                separator: "\n")
            #expect(acknowledged.count > 40)
            let store = try SQLiteStore(path: folder + "/store.sqlite")
            let kept = try await store.list("n/").values.map(\.key)
            #expect(Set(kept).isSuperset(of: acknowledged.map(String.init)))
            let companions = try await store.list("mn/").values.map(\.key)
            #expect(companions == kept.map { "m\($0)" }, "all of a commit or nothing")
        }
    }

    @Test func `is read by its owner only and waits for the disk`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.sqlite"
            let store = try SQLiteStore(path: path)
            _ = try await store.commit([.put("a", [1])], if: [])
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                let mode = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)[.posixPermissions]
                #expect(mode as? Int == 0o600, "\(name)")
            }
            let pool = try SQLiteStore.open(folder + "/other.sqlite")
            let synchronous = try await pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
            let journal = try await pool.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
            #expect(synchronous == 2, "FULL")
            #expect(journal == "wal")
        }
    }

    @Test(arguments: ["", "-wal"]) func `acknowledges nothing once its file is deleted or replaced`(
        _ ending: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.sqlite"
            let store = try SQLiteStore(path: path)
            _ = try await store.commit([.put("a", [1])], if: [])
            try FileManager.default.removeItem(atPath: path + ending)
            if ending.isEmpty { try Data("other".utf8).write(to: URL(filePath: path)) }
            let problem = await #expect(throws: Problem.self) { try await store.commit([.put("b", [1])], if: []) }
            #expect(problem?.code == .storeFailed)
            #expect(
                problem?.detail.hasPrefix(
                    "Nothing can be stored any more: The file \(path)\(ending) was deleted") == true
            )
            #expect(problem?.next.isEmpty == false)
        }
    }

    @Test func `says what is wrong with a file that is no store`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.sqlite"
            try String(repeating: "not a database ", count: 100).write(toFile: path, atomically: false, encoding: .utf8)
            let problem = #expect(throws: Problem.self) { try SQLiteStore(path: path) }
            #expect(problem?.code == .storeFailed)
            #expect(problem?.detail == "The store \(path) could not be opened.")
            let missing = #expect(throws: Problem.self) { try SQLiteStore(path: folder + "/no/store.sqlite") }
            #expect(missing?.code == .storeFailed)
            #expect(missing?.cause == "\(folder)/no/store.sqlite.lock: No such file or directory")
        }
    }

    @Test func `reads a file from before values were kept in the log`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.sqlite"
            let pool = try DatabasePool(path: path)
            try StoreSchema.migrator.migrate(pool, upTo: "1: entries, changes, position")
            try await pool.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO entry VALUES ('a', x'01', 1, 1), ('b', x'03', 1, 3), ('e', x'', 3, 3);
                        INSERT INTO change (revision, key, value) VALUES
                            (2, 'c', x'02'), (3, 'b', x'03'), (3, 'c', NULL), (3, 'e', x'');
                        UPDATE position SET revision = 3, compacted = 2;
                        """)
            }
            try pool.close()
            let store = try SQLiteStore(path: path)
            let (values, revision) = try await store.list("")
            #expect(
                values == [
                    StoredValue(key: "a", value: [1], created: 1, modified: 1),
                    StoredValue(key: "b", value: [3], created: 1, modified: 3),
                    StoredValue(key: "e", value: [], created: 3, modified: 3),
                ])
            #expect(revision == 3)
            var changes = store.watch("", after: 1).makeAsyncIterator()
            for expected in [(2, "c", [2]), (3, "b", [3]), (3, "c", nil), (3, "e", [])] as [(Int, String, [UInt8]?)] {
                let change = try await changes.next()
                #expect(change == StoreChange(revision: expected.0, key: expected.1, value: expected.2))
            }
            let next = try await store.commit(
                [.put("a", [4])], if: [.unchanged("a", since: 1), .unchanged("b", since: 3)])
            #expect(next == 4)
            let written = try await store.get("a")
            #expect(written == StoredValue(key: "a", value: [4], created: 1, modified: 4))
        }
    }

    /// A value is in the log until the log is compacted, then with its key.
    @Test func `keeps every value through compactions`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.sqlite"
            var dice = SeededGenerator(seed: SeededGenerator.seed(for: "compactions"))
            let memory = MemoryStore()
            for _ in 0..<8 {
                let store = try SQLiteStore(path: path)
                for _ in 0..<25 {
                    let keys = (0..<12).shuffled(using: &dice).prefix(3).map { "k/\($0)" }
                    let writes: [Write] = keys.map { key in
                        dice.chance(30)
                            ? .delete(key)
                            : .put(
                                key,
                                [UInt8](
                                    repeating: .random(in: 0...9, using: &dice),
                                    count: .random(in: 0...2000, using: &dice)))
                    }
                    let condition: Precondition = dice.chance(50) ? .absent(keys[0]) : .present(keys[0])
                    let expected = try await memory.commit(writes, if: [condition])
                    let revision = try await store.commit(writes, if: [condition])
                    #expect(revision == expected)
                    if dice.chance(10) { try await store.compact(before: revision ?? 1) }
                }
                let (values, revision) = try await store.list("")
                let expected = await memory.list("")
                #expect(values == expected.values && revision == expected.revision)
                for value in values {
                    let one = try await store.get(value.key)
                    #expect(one == value)
                }
                try await store.close()
            }
        }
    }

    @Test func `writes what comes together together`() async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore(path: folder + "/store.sqlite")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<32 {
                    group.addTask {
                        for number in 0..<20 {
                            _ = try await store.commit([.put("n/\(client)/\(number)", [1])], if: [])
                        }
                    }
                }
                try await group.waitForAll()
            }
            let (commits, transactions) = store.written
            #expect(commits == 640)
            #expect(transactions < 320, "on average more than two in one")
        }
    }

    @Test func `refuses the file of a newer Patchbay`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.sqlite"
            let pool = try SQLiteStore.open(path)
            try await pool.write {
                try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: from tomorrow')")
            }
            try pool.close()
            let problem = #expect(throws: Problem.self) { try SQLiteStore(path: path) }
            #expect(problem?.detail == "The store \(path) was written by a newer Patchbay.")
        }
    }

    @Test func `serves a watcher from far behind out of its log`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/store.sqlite"
            let value = [UInt8](repeating: 1, count: StoreLimits.valueBytes)
            let store = try SQLiteStore(path: path)
            for number in 0..<40 { _ = try await store.commit([.put("n/\(number)", value)], if: []) }
            for _ in 0..<600 { _ = try await store.commit([.put("other", [1])], if: []) }
            var seen: [String] = []
            for try await change in store.watch("n/", after: 0) {
                seen.append(change.key)
                #expect(change.value == value)
                if seen.count == 40 { break }
            }
            #expect(seen == (0..<40).map { "n/\($0)" })
        }
    }

    @Test(
        arguments: [
            ("hosts/", "hosts0"), ("a\u{d7ff}", "a\u{e000}"), ("a\u{10ffff}", "b"), ("\u{10ffff}", nil), ("", nil),
        ] as [(String, String?)])
    func `ends a prefix where the next key cannot have it`(_ prefix: String, _ end: String?) {
        #expect(StoreSchema.upperBound(of: prefix) == end)
    }
}
