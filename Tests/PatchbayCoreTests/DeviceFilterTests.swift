import PatchbayCore
import PatchbayTesting
import PatchbayText
import Testing

@Suite struct `Device filters` {
    @Test(
        .requirements("VX6"),
        arguments: [
            ("", ["41:00.0", "42:00.0", "b0:00.0", "c1:00.1"]),
            ("  vendor=10de  ", ["41:00.0", "42:00.0", "c1:00.1"]),
            ("vendor=10de numa=1", ["42:00.0", "c1:00.1"]),
            ("name*=\"PCIe 80GB\"", ["41:00.0", "42:00.0"]),
            ("name*='PCIe 80GB'\tnuma!=1", ["41:00.0"]),
            ("state=free", ["41:00.0", "42:00.0"]),
            ("state!=free", ["b0:00.0", "c1:00.1"]),
            ("pool=gpus", ["41:00.0"]),
            ("pool!=gpus", ["42:00.0", "b0:00.0", "c1:00.1"]),
            ("pool=\"\"", ["42:00.0", "b0:00.0", "c1:00.1"]),
            ("vm=trainer", ["c1:00.1"]),
            ("vm=", ["41:00.0", "42:00.0", "b0:00.0"]),
            ("host=atlas group<=16", ["41:00.0", "42:00.0"]),
            ("host=boreas", []),
            ("driver=\"\"", ["b0:00.0"]),
            ("name~^NVIDIA.*Audio$", ["c1:00.1"]),
        ])
    func `keep the devices that satisfy every condition`(_ text: String, _ expected: [String]) throws {
        let filter = try DeviceFilter(parsing: text)
        let inventory = SampleHost.inventory()
        let addresses = [SampleHost.a100, SampleHost.secondA100, SampleHost.idle, SampleHost.audio]
        let kept = addresses.filter { address in
            let use = DeviceUse(
                host: "atlas",
                state: address == SampleHost.idle ? .blocked : address == SampleHost.audio ? .attached : .free,
                pools: address == SampleHost.a100 ? ["all", "gpus"] : [],
                vm: address == SampleHost.audio ? "trainer" : nil)
            return filter.matches(inventory[address]!, used: use)
        }
        #expect(kept.map(\.short) == expected)
    }

    @Test(arguments: [
        ("stat=free", ProblemCode.unknownField, "Column 1", "Did you mean state?"),
        ("numa=0 vendr=10de", .unknownField, "Column 8", "Did you mean vendor?"),
        ("Class=030200", .unknownField, "Column 1", "Did you mean class?"),
        ("flavour=x", .unknownField, "Column 1", "The fields are"),
        ("=free", .malformedInput, "Column 1", "Write conditions"),
        ("state", .malformedInput, "Column 6", "Write conditions"),
        ("state free", .malformedInput, "Column 6", "Write conditions"),
        ("numa=0 name=\"A 100", .malformedInput, "Column 13", "Write conditions"),
        ("name=\"A\"x", .malformedInput, "Column 9", "Write conditions"),
        ("state=fre", .malformedInput, "Column 7", "one of free"),
        ("numa=x", .malformedInput, "Column 6", "a number"),
        ("numa=", .malformedInput, "", ""),
        ("numa*=0", .malformedInput, "Column 7", "Use one of"),
        ("name~(", .malformedInput, "Column 6", "backslash"),
        ("name*=", .malformedInput, "Column 7", "Only = and !="),
        ("vendor=nvidia", .malformedInput, "Column 8", "name*~nvidia"),
    ]) func `say which column is wrong and what to write`(
        _ text: String, _ code: ProblemCode, _ column: String, _ next: String
    ) throws {
        guard text != "numa=" else {
            #expect(try DeviceFilter(parsing: text).conditions == [Condition(.numa, .equal, "")])
            return
        }
        let problem = try #require(throws: Problem.self) { try DeviceFilter(parsing: text) }
        #expect(problem.code == code)
        #expect(problem.detail.hasPrefix(column), "\(problem.detail)")
        #expect(problem.next.lines.joined(separator: " ").contains(next), "\(problem.next.lines)")
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func `read back what they print`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let letters = Array("ab \"'\\=~<>!^$*é\u{301}0🙂\u{00a0}")
        for _ in 0..<200 {
            let conditions = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                let value = String((0..<Int.random(in: 1...6, using: &random)).map { _ in random.pick(letters) })
                return Condition(.name, random.pick(Condition.Comparison.allCases.filter { $0 != .matches }), value)
            }
            let filter = DeviceFilter(conditions)
            #expect(try DeviceFilter(parsing: filter.description) == filter, "seed \(seed): \(filter)")
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func `survive anything that is typed`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces =
            DeviceField.allCases.map(\.rawValue) + Condition.Comparison.allCases.map(\.rawValue) + [
                " ", "\"", "'", "\\", "(", ")", "[", "*", "\u{301}", "\0", "\n", "🏳️‍🌈", "10de", "free", "0", "{", "?",
                "(?<",
            ]
        for _ in 0..<150 {
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in random.pick(pieces) }.joined()
            do {
                _ = try DeviceFilter(parsing: text).matches(
                    SampleHost.inventory()[SampleHost.a100]!, used: DeviceUse(host: "atlas", state: .free))
            } catch {
                #expect(!error.next.isEmpty, "\(text.debugDescription)")
            }
        }
    }

    @Test func `refuse to grow without end`() throws {
        let long = try #require(throws: Problem.self) {
            try DeviceFilter(parsing: String(repeating: "numa=0 ", count: 1000))
        }
        #expect(long.code == .tooLarge)
        let many = try #require(throws: Problem.self) {
            try DeviceFilter(parsing: String(repeating: "numa=0 ", count: 65))
        }
        #expect(many.code == .malformedInput)
    }
}
