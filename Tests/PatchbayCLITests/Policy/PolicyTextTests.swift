import PatchbayAPI
import PatchbayCLI
import PatchbayCore
import PatchbayTesting
import PatchbayText
import Testing

@Suite struct `Policy as text` {
    @Test func `is written as people would write it`() throws {
        let pool = Pool(
            name: "gpus", summary: "A100: the fast ones", deviceClass: .gpu, preparation: .eager,
            rules: [
                Rule(
                    name: "a100", host: "atlas",
                    conditions: [Condition(.id, .equal, "10de:20b5"), Condition(.name, .contains, "A100 80GB")],
                    tags: ["physical_network": "lan", "vlan": "42"]),
                Rule(
                    name: "atlas/41:00.0 A100", isEnabled: false,
                    conditions: [Condition(.address, .equal, "0000:41:00.0"), Condition(.driver, .equal, "")],
                    madeFrom: try DeviceID("atlas/41:00.0")),
            ])
        #expect(
            PolicyText(pool).lines == [
                "pool: gpus", "description: \"A100: the fast ones\"", "class: gpu", "prepare: eager", "rules:",
                "  - name: a100", "    host: atlas", "    where: id=10de:20b5 name*=\"A100 80GB\"", "    tags:",
                "      physical_network: lan", "      vlan: \"42\"", "  - name: atlas/41:00.0 A100",
                "    enabled: false", "    where: address=0000:41:00.0 driver=\"\"",
                "    madeFrom: atlas/0000:41:00.0",
            ])
        let profile = Profile(
            name: "trainer", vcpus: 16, memoryMiB: 65536, pin: .core, hugepageKiB: 1 << 20, cells: 1,
            requests: [
                Request(
                    name: "gpus-1", target: .pool("gpus"), count: 2, isOptional: true, numa: .required, group: .isolate,
                    topology: .sameSwitch, tags: ["a": "b"])
            ])
        #expect(
            PolicyText(profile).lines == [
                "profile: trainer", "vcpus: 16", "memoryMiB: 65536", "pin: core", "hugepages: 1G", "cells: 1",
                "requests:", "  - name: gpus-1", "    pool: gpus", "    count: 2", "    optional: true",
                "    numa: required", "    group: isolate", "    topology: same-switch", "    tags:", "      a: b",
            ])
    }

    @Test func `has quotes around words that a reader of YAML takes for something else`() {
        let tags = ["no": "yes", "On": "OFF", "1": "2026-01-01", "null": "y", "plain": "text"]
        let lines = PolicyText(Pool(name: "no", rules: [Rule(name: "on", conditions: [], tags: tags)])).lines
        #expect(lines.first == "pool: \"no\"")
        #expect(lines.contains("  - name: \"on\""))
        #expect(
            lines.suffix(5) == [
                "      \"1\": \"2026-01-01\"", "      \"On\": \"OFF\"", "      \"no\": \"yes\"",
                "      \"null\": \"y\"", "      plain: text",
            ])
    }

    /// Whatever can be kept can be written and read back to the same.
    @Test(.requirements("N30"), arguments: UInt64(1)...300)
    func `is read back to what it was written from`(_ seed: UInt64) throws {
        var random = RandomPolicy(seed: seed)
        let pool = random.pool()
        let profile = random.profile()
        try pool.validate()
        try profile.validate()
        let text = (PolicyText(pool).lines + ["---"] + PolicyText(profile).lines).joined(separator: "\n")
        let read = try Policy([PolicyFile(name: "x", text: text)], again: "")
        #expect(read.pools.map(\.value) == [pool], "seed \(seed)\n\(text)")
        #expect(read.profiles.map(\.value) == [profile], "seed \(seed)\n\(text)")
    }
}

/// Pools and profiles with everything in them that may be in them, the same for the same seed.
struct RandomPolicy: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func pool() -> Pool {
        Pool(
            name: pick(["gpus", "0", "no", "true", "null", "1.5", "a.b-c_d"]), summary: pick(["", text(), "x: y #z"]),
            deviceClass: pick(PoolClass.allCases), preparation: pick(Pool.Preparation.allCases),
            rules: (0..<Int.random(in: 0...3, using: &self)).map { rule($0) })
    }

    mutating func profile() -> Profile {
        Profile(
            name: pick(["trainer", "yes", "7"]), summary: text(), vcpus: pick([nil, 4]), memoryMiB: pick([nil, 512]),
            pin: pick([nil] + PinPolicy.allCases), hugepageKiB: pick([nil, 64, 2048, 1 << 20]), cells: pick([nil, 2]),
            requests: (0..<Int.random(in: 0...3, using: &self)).map { request($0) })
    }

    private mutating func rule(_ number: Int) -> Rule {
        Rule(
            name: "\(number)\(text())", host: pick([nil, "atlas", "no", "12"]), isEnabled: Bool.random(using: &self),
            conditions: (0..<Int.random(in: 0...3, using: &self)).map { _ in
                pick([
                    Condition(.name, pick([.equal, .contains, .begins, .notEqual]), "=" + text()),
                    Condition(.driver, .equal, ""), Condition(.numa, .less, "2"),
                    Condition(.name, .matches, "A1[0]*0"), Condition(.address, .equal, "0000:41:00.0"),
                ])
            },
            madeFrom: pick([nil, DeviceID(host: "atlas", key: try! DeviceKey("41:00.0"))]),
            tags: pick([[:], ["vlan": "=" + text(), "A b": "no"]]))
    }

    private mutating func request(_ number: Int) -> Request {
        let device = DeviceID(host: "atlas", key: try! DeviceKey("41:00.0"))
        let target: Request.Target = pick([.pool("gpus"), .pool("null"), .device(device)])
        var request = Request(name: "\(number)-x", target: target)
        if case .pool = target { request.count = pick([1, 7]) }
        request.isOptional = Bool.random(using: &self)
        request.numa = pick([nil] + NUMAPolicy.allCases)
        request.group = pick(GroupPolicy.allCases)
        request.topology = pick([nil] + TopologyPolicy.allCases)
        request.tags = pick([[:], ["on": "off"]])
        return request
    }

    /// What may stand in a name, made to mislead a reader of YAML.
    private mutating func text() -> String {
        let pieces = [
            "a", "Z", "0", " ", ":", ": ", " #", "#", "'", "\"", "\\", "-", "- ", "{", "}", "[", "]", ",", "&", "*",
            "!",
            "|", ">", "%", "@", "`", "~", "=", "é", "語", "\u{1f600}", "\u{85}", "\u{a0}", "\u{2028}", "b\u{feff}", "?",
        ]
        return (0..<Int.random(in: 0...6, using: &self)).map { _ in pick(pieces) }.joined()
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values.randomElement(using: &self)! }
}
