import PatchbayCore
import Testing

@testable import PatchbayClient

@Suite struct `Server-sent events` {
    private static func parse(_ text: String) throws -> [EventMessage] {
        var parser = EventParser()
        return try parser.feed(Array(text.utf8))
    }

    @Test(arguments: ["\n", "\r", "\r\n"]) func `end lines in three ways`(_ end: String) throws {
        let lines = ["id: 7", "event: plan.changed", "data: {", "data:}", "", ": comment", "data: x", "", ""]
        let messages = try Self.parse(lines.joined(separator: end))
        #expect(
            messages == [
                EventMessage(id: "7", kind: "plan.changed", text: "{\n}"),
                EventMessage(id: "7", kind: "message", text: "x"),
            ])
    }

    @Test func `follow the rules of the standard`() throws {
        #expect(try Self.parse("data: no blank line yet\n").isEmpty)
        #expect(try Self.parse("event: nothing\n\n").isEmpty)
        #expect(try Self.parse("\u{feff}data: a\n\n").map(\.text) == ["a"])
        #expect(try Self.parse("data\n\n").map(\.text) == [""])
        #expect(try Self.parse("data:  two spaces\n\n").map(\.text) == [" two spaces"])
        #expect(try Self.parse("nonsense: 1\nDATA: x\ndata: y\n\n").map(\.text) == ["y"])
        #expect(try Self.parse("id: a\u{0}b\ndata: x\n\n").first?.id == nil)
        #expect(try Self.parse("data: a:b\n\n").map(\.text) == ["a:b"])
    }

    @Test func `remember the last id and the pause`() throws {
        var parser = EventParser(lastID: "3")
        #expect(try parser.feed(Array("retry: 2500\nretry: x\nid: 9\n\n".utf8)).isEmpty)
        #expect(parser.lastID == "9")
        #expect(parser.retryMilliseconds == 2500)
    }

    @Test func `that never end are given up`() {
        var parser = EventParser()
        #expect(throws: Problem.self) {
            for _ in 0...(EventParser.limit / 1024) { _ = try parser.feed([UInt8](repeating: 0x61, count: 1024)) }
        }
    }

    @Test(arguments: UInt64(1)...40) func `are the same however they arrive`(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let pieces: [[UInt8]] =
            ["data", "id", "event", "retry", ":", " ", "\r", "\n", "\r\n", "x", "é", "\u{feff}", "7"]
            .map { Array($0.utf8) } + [[0xff], [0xc3], [0x00]]
        var bytes: [UInt8] = []
        for _ in 0..<400 { bytes += pieces[Int(random.next() % UInt64(pieces.count))] }

        var whole = EventParser()
        let expected = try whole.feed(bytes)
        var parted = EventParser()
        var messages: [EventMessage] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = min(rest.count, 1 + Int(random.next() % 7))
            messages += try parted.feed(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        #expect(messages == expected)
        #expect(parted.lastID == whole.lastID)
    }
}

@Suite struct `Any words at all` {
    @Test(arguments: UInt64(1)...60) func `end in a known exit code and change nothing they did not name`(
        _ seed: UInt64
    ) async {
        var random = SplitMix(state: seed)
        let words = [
            "device", "list", "show", "pool", "vm", "rule", "attach", "--to", "41:00.0", "a/b/c", "..", "--where",
            "x=", "=", "'", "\"", "\\", "-", "--", "-o", "json", "", " ", "é", "\u{1b}[31m", "🃏", "0000:00:00.0",
            "ffff:ff:1f.7", "--rule", "name~(", "-n", "--timeout", "9999999999999999999", "help", "group", "999",
        ]
        for _ in 0..<20 {
            let line = (0..<(1 + random.next() % 6)).map { _ in words[Int(random.next() % UInt64(words.count))] }
            let session = Session()
            let outcome = await session.run(line)
            #expect([0, 2, 3, 4, 64].contains(outcome.status), "\(line)")
            #expect(outcome.status == 0 || outcome.talk.hasPrefix("error: "), "\(line)")
            if !line.contains("attach") { #expect(await session.service.mutations.isEmpty, "\(line)") }
        }
    }
}

/// Deterministic randomness, so a failing seed can be run again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
