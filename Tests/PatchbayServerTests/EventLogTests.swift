import Testing

@testable import PatchbayServer

@Suite struct `The log of events` {
    private func log(_ revisions: some Sequence<Int>) -> EventLog {
        var log = EventLog()
        for revision in revisions { log.note(record(revision), at: revision) }
        return log
    }

    private func record(_ number: Int) -> AuditRecord {
        AuditRecord(kind: "k", subject: "s", sentence: "\(number)", actor: "a", at: number)
    }

    @Test func `is in the order of commits, each once, whatever the order they become known in`() {
        let log = log([3, 1, 2, 3, 1, 5, 4])
        #expect(log.last(10).map(\.revision) == [5, 4, 3, 2, 1])
        #expect(log.last(2).map(\.record.sentence) == ["5", "4"])
        #expect(log.last(0).isEmpty && log.last(-1).isEmpty)
    }

    @Test func `keeps the last ones, also when all are read anew`() {
        var log = log(1...(EventLog.limit * 3))
        let newest = log.last(EventLog.limit).map(\.revision)
        #expect(newest == Array((EventLog.limit * 2 + 1...EventLog.limit * 3).reversed()))
        for revision in 1...EventLog.limit * 3 { log.note(record(revision), at: revision) }
        #expect(log.last(EventLog.limit).map(\.revision) == newest)
        #expect(log.last(.max).count <= EventLog.limit * 2)
    }
}
