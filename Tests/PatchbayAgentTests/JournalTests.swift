import Foundation
import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `A journal` {
    enum Kind: CaseIterable { case memory, file }

    private static func with(_ kind: Kind, _ body: (any Journal) async throws -> Void) async throws {
        switch kind {
        case .memory: try await body(MemoryJournal())
        case .file: try await withTemporaryFolder { try await body(FileJournal(path: $0 + "/journal")) }
        }
    }

    @Test(arguments: Kind.allCases) func `is empty when it is new`(_ kind: Kind) async throws {
        try await Self.with(kind) { try await JournalContract.aNewOneIsEmpty($0) }
    }

    @Test(arguments: Kind.allCases) func `gives its lines back in order`(_ kind: Kind) async throws {
        try await Self.with(kind) { try await JournalContract.linesComeBackInOrder($0) }
    }

    @Test(arguments: Kind.allCases) func `keeps the lines of many tasks`(_ kind: Kind) async throws {
        try await Self.with(kind) { try await JournalContract.linesFromManyTasksAreAllKept($0) }
    }
}

@Suite struct `A journal file` {
    private let story = JournalContract.story

    private func write(_ lines: [JournalEntry], to path: String) async throws {
        let journal = FileJournal(path: path)
        for line in lines { try await journal.append(line) }
    }

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    @Test func `is there for the next process`() async throws {
        try await withTemporaryFolder { folder in
            try await write(story, to: folder + "/journal")
            #expect(try await FileJournal(path: folder + "/journal").entries() == story)
        }
    }

    @Test func `is lines of JSON, each with a sum`() async throws {
        try await withTemporaryFolder { folder in
            try await write(story, to: folder + "/journal")
            let lines = try bytes(folder + "/journal").split(separator: UInt8(ascii: "\n"))
            #expect(lines.count == story.count)
            for line in lines {
                let object = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
                #expect((object["sum"] as? String)?.count == 8)
                #expect(object["entry"] is [String: Any])
            }
        }
    }

    @Test func `cut anywhere in its last line loses that line, says so, and goes on`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/journal"
            try await write(story, to: path)
            let whole = try bytes(path)
            let lastStart = try #require(whole.dropLast().lastIndex(of: UInt8(ascii: "\n"))) + 1
            for length in lastStart + 1..<whole.count {
                try whole.prefix(length).write(to: URL(fileURLWithPath: path))
                let journal = FileJournal(path: path)
                #expect(try await journal.entries() == story.dropLast())
                #expect(await journal.findings().map(\.code) == ["journal-torn-line"])
                try await journal.append(story[0])
                #expect(try await journal.entries() == story.dropLast() + [story[0]])
            }
        }
    }

    @Test func `with any byte of an earlier line changed is refused`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/journal"
            try await write(Array(story.prefix(3)), to: path)
            let whole = try bytes(path)
            let secondEnd = try #require(whole.dropLast().lastIndex(of: UInt8(ascii: "\n")))
            for index in 0..<secondEnd {
                var damaged = whole
                damaged[index] ^= 0x04
                try damaged.write(to: URL(fileURLWithPath: path))
                await #expect(throws: Problem.self, "byte \(index)") { try await FileJournal(path: path).entries() }
                #expect(try bytes(path) == damaged, "a damaged journal is evidence and stays as it is")
            }
        }
    }

    @Test func `names the damaged line and how to go on`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/journal"
            try await write(story, to: path)
            var damaged = try bytes(path)
            damaged[40] ^= 1
            try damaged.write(to: URL(fileURLWithPath: path))
            let problem = await #expect(throws: Problem.self) { try await FileJournal(path: path).entries() }
            #expect(problem?.code == .corruptJournal)
            #expect(problem?.detail == "Line 1 of the journal \(path) is damaged, and more lines follow it.")
            #expect(problem?.next.isEmpty == false)
        }
    }

    @Test func `belongs to one agent at a time`() async throws {
        try await withTemporaryFolder { folder in
            let first = FileJournal(path: folder + "/journal")
            try await first.append(story[0])
            let problem = await #expect(throws: Problem.self) {
                try await FileJournal(path: folder + "/journal").entries()
            }
            #expect(problem?.code == .busy)
            try await first.append(story[1])
        }
    }

    @Test func `in a folder that is not there cannot be opened, and says which`() async throws {
        try await withTemporaryFolder { folder in
            let problem = await #expect(throws: Problem.self) {
                try await FileJournal(path: folder + "/none/journal").append(story[0])
            }
            #expect(problem?.code == .storeFailed)
            #expect(problem?.cause?.isEmpty == false)
        }
    }

    @Test func `that has grown keeps what is not over and how the others ended`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/journal"
            let journal = FileJournal(
                path: path, rewriteAbove: 4096, compaction: JournalCompaction(stories: 2, endings: 5))
            try await journal.append(.planned(plan("open")))
            try await journal.append(.begin(plan: "open", index: 0))
            for number in 1...60 { try await append(number, to: journal) }
            let lines = try await FileJournalReader.entries(afterClosing: journal, path: path)
            #expect(lines.prefix(2) == [.planned(plan("open")), .begin(plan: "open", index: 0)])
            #expect(unfinishedPlans(in: lines).map(\.plan.id) == ["open"])
            #expect(lines.contains(.ended(plan: "p60", .applied)))
            #expect(try bytes(path).count < 3 * 4096)
        }
    }

    @Test func `is thinned out by the age of endings`() {
        var lines: [JournalEntry] = [.planned(plan("open"))]
        for number in 1...4 {
            lines += [.planned(plan("p\(number)")), .ended(plan: "p\(number)", .applied)]
        }
        let kept = JournalCompaction(stories: 1, endings: 2).apply(to: lines)
        #expect(
            kept == [
                .planned(plan("open")), .ended(plan: "p3", .applied), .planned(plan("p4")),
                .ended(plan: "p4", .applied),
            ])
    }

    private func plan(_ id: String) -> Plan {
        Plan(id: id, host: "atlas", change: .prepare([]), title: id, basis: "00", steps: [.loadModule("vfio-pci")])
    }

    private func append(_ number: Int, to journal: FileJournal) async throws {
        try await journal.append(.planned(plan("p\(number)")))
        try await journal.append(.begin(plan: "p\(number)", index: 0))
        try await journal.append(.done(plan: "p\(number)", index: 0, milliseconds: 1))
        try await journal.append(.ended(plan: "p\(number)", .applied))
    }
}

/// Reads a journal's file beside the journal that has it open.
private enum FileJournalReader {
    static func entries(afterClosing journal: FileJournal, path: String) async throws -> [JournalEntry] {
        let inMemory = try await journal.entries()
        let copy = path + ".copy"
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        let onDisk = try await FileJournal(path: copy).entries()
        #expect(onDisk == inMemory)
        return onDisk
    }
}
