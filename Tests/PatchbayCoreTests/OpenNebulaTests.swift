import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `OpenNebula's filters` {
    /// Of the sample host: A100 at 41:00.0 and 42:00.0 (10de:20b5, class 0302), audio 10de:22bc, network card 8086:10d3.
    @Test(
        .requirements("OX1", "OX2", "O23"),
        arguments: [
            ("10de:20b5:0302", ["41:00.0", "42:00.0"]), ("10DE:*:302", ["41:00.0", "42:00.0"]),
            ("10de:*", ["41:00.0", "42:00.0", "c1:00.0", "c1:00.1"]),
            ("10de", ["41:00.0", "42:00.0", "c1:00.0", "c1:00.1"]),
            ("::0403", ["c1:00.1"]), ("*:20b5,8086:10d3", ["41:00.0", "42:00.0", "b0:00.0"]),
            ("8086:10d3 , *:*:0403", ["b0:00.0", "c1:00.1"]), ("0:0", []), ("de:20b5", []),
        ])
    func `mean what lspci makes of them`(_ list: String, _ expected: [String]) throws {
        let functions = SampleHost.inventory().functions
        let use = DeviceUse(host: "atlas", state: .free)
        let matcher = try DeviceFilter(parsing: "pci=\"\(list)\"").matcher()
        let kept = functions.filter { matcher.matches($0, used: use) }
        #expect(kept.map(\.address.short) == expected)
        let others = try DeviceFilter(parsing: "pci!=\"\(list)\"").matcher()
        #expect(functions.count { others.matches($0, used: use) } == functions.count - kept.count)
    }

    @Test(.requirements("OX2", "O36")) func `find a short address in any domain`() throws {
        var elsewhere = SampleHost.inventory()[SampleHost.a100]!
        elsewhere.address = SampleHost.address("10000:41:00.0")
        let rule = Rule(name: "r", conditions: try DeviceFilter(parsing: "short=42:00.0,41:00.0").conditions)
        #expect(rule.matches(elsewhere, on: "atlas"))
        #expect(!rule.matches(SampleHost.inventory()[SampleHost.idle]!, on: "atlas"))
    }

    @Test(arguments: [
        "pci=10de:20b5:0302:00", "pci=nvidia", "pci=10de,", "pci=10de1", "pci=0x10de", "pci<10de", "pci*=10de",
        "short=0000:41:00.0", "short=41:00", "short=41:00.8",
    ]) func `are refused when they are of another form`(_ text: String) throws {
        let problem = try #require(throws: Problem.self) { try DeviceFilter(parsing: text) }
        #expect(problem.code == .malformedInput)
        #expect(!problem.next.isEmpty)
    }
}
