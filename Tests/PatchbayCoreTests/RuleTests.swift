import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Rules` {
    private let a100 = SampleHost.inventory()[SampleHost.a100]!
    private let idle = SampleHost.inventory()[SampleHost.idle]!

    /// Asked of the first A100: 41:00.0, 10de:20b5, class 030200, group 15, NUMA 0, revision a1, on nvidia.
    @Test(
        .requirements("VX6", "V33", "V34"),
        arguments: [
            ("name", "=", "NVIDIA Corporation A100 PCIe 80GB", true), ("name", "=", "A100", false),
            ("name", "!=", "A100", true), ("name", "^=", "NVIDIA", true), ("name", "^=", "nvidia", false),
            ("name", "$=", "80GB", true), ("name", "$=", "80gb", false), ("name", "*=", "A100", true),
            ("name", "*=", "a100", false), ("name", "*~", "a100", true), ("name", "*~", "h100", false),
            ("name", "~", "A1?00 .*[0-9]+GB$", true), ("name", "~", "^A100", false), ("name", "<", "O", true),
            ("name", ">", "O", false),
            ("vendor", "=", "10de", true), ("vendor", "=", "10DE", true), ("vendor", "=", "0x10de", true),
            ("vendor", "=", "8086", false), ("vendor", "!=", "8086", true), ("vendor", "<", "8086", true),
            ("device", "=", "20b5", true), ("device", ">=", "20b0", true), ("device", "<=", "20b4", false),
            ("id", "=", "10de:20b5", true), ("id", "^=", "10DE:", true), ("id", "~", "^10de:20b[0-9]$", true),
            ("class", "=", "030200", true), ("class", "^=", "0302", true), ("class", "^=", "03", true),
            ("class", "^=", "02", false), ("class", ">=", "030000", true),
            ("driver", "=", "nvidia", true), ("driver", "!=", "", true), ("driver", "=", "", false),
            ("address", "=", "41:00.0", true), ("address", "=", "0000:41:00.0", true), ("address", "^=", "41:", true),
            ("address", "^=", "0000:41:", true), ("address", ">", "40:1f.7", true), ("address", "<", "41:00.0", false),
            ("slot", "=", "41:00", true), ("slot", "=", "0000:41:00", true), ("slot", "=", "41:01", false),
            ("group", "=", "15", true), ("group", "<", "100", true), ("group", ">", "9", true),
            ("group", ">=", "15", true), ("group", "!=", "15", false),
            ("numa", "=", "0", true), ("numa", "<", "1", true), ("numa", ">=", "1", false),
            ("revision", "=", "a1", true), ("revision", ">", "0f", true), ("revision", "<", "a1", false),
            ("role", "=", "type-PCI", true), ("role", "!=", "type-VF", true),
            ("topology", "$=", "41:00.0", true), ("classname", "*=", "class", true), ("subsystem", "=", "", true),
        ])
    func `compare numbers as numbers and text as text`(
        _ field: String, _ comparison: String, _ value: String, _ expected: Bool
    ) throws {
        let condition = Condition(
            try #require(DeviceField(rawValue: field)), try #require(Condition.Comparison(rawValue: comparison)), value)
        let rule = Rule(name: "r", conditions: [condition])
        try rule.validate(for: .pci)
        #expect(rule.matches(a100, on: "atlas") == expected)
    }

    @Test func `never find an order in what a device does not have`() {
        for comparison in Condition.Comparison.allCases {
            let rule = Rule(name: "r", conditions: [Condition(.driver, comparison, "nvidia")])
            #expect(rule.matches(idle, on: "atlas") == (comparison == .notEqual), "\(comparison)")
        }
        for comparison in Condition.Comparison.allCases {
            var nowhere = idle
            nowhere.numaNode = nil
            let rule = Rule(name: "r", conditions: [Condition(.numa, comparison, "0")])
            #expect(rule.matches(nowhere, on: "atlas") == (comparison == .notEqual), "\(comparison)")
        }
        #expect(Rule(name: "r", conditions: [Condition(.driver, .equal, "")]).matches(idle, on: "atlas"))
    }

    @Test(.requirements("V34")) func `need all of their conditions`() {
        var rule = Rule(name: "r", conditions: [Condition(.vendor, .equal, "10de"), Condition(.numa, .equal, "0")])
        #expect(rule.matches(a100, on: "atlas"))
        rule.conditions.append(Condition(.numa, .equal, "1"))
        #expect(!rule.matches(a100, on: "atlas"))
        rule.conditions = []
        #expect(!rule.matches(a100, on: "atlas"))
    }

    @Test(.requirements("P25")) func `without a host match on all hosts`() {
        var rule = Rule(name: "r", host: "atlas", conditions: [Condition(.vendor, .equal, "10de")])
        #expect(rule.matches(a100, on: "atlas"))
        #expect(!rule.matches(a100, on: "boreas"))
        rule.host = nil
        #expect(rule.matches(a100, on: "boreas"))
        rule.isEnabled = false
        #expect(!rule.matches(a100, on: "boreas"))
    }

    @Test(.requirements("V36")) func `made from a device match that device and no other`() throws {
        let inventory = SampleHost.inventory()
        for function in inventory.functions {
            let rule = Rule.made(from: function, on: "atlas")
            try rule.validate(for: .pci)
            #expect(rule.madeFrom == DeviceID(host: "atlas", key: function.address.key))
            let matched = inventory.functions.filter { rule.matches($0, on: "atlas") }
            #expect(matched.map(\.address) == [function.address])
            #expect(!rule.matches(function, on: "boreas"))
            var other = function
            other.id = PCIID(vendor: 0xffff, device: 1)
            #expect(!rule.matches(other, on: "atlas"), "another card in the same slot")
        }
    }

    @Test(
        arguments: [
            (
                DeviceField.state, Condition.Comparison.equal, "free", ProblemCode.unknownField,
                "cannot use the field state"
            ),
            (.pool, .equal, "gpus", .unknownField, "cannot use the field pool"),
            (.vm, .equal, "v", .unknownField, "cannot use the field vm"),
            (.host, .equal, "atlas", .unknownField, "cannot use the field host"),
            (.numa, .contains, "0", .malformedRule, "cannot be used with numa"),
            (.role, .less, "type-PF", .malformedRule, "cannot be used with role"),
            (.numa, .equal, "-1", .malformedRule, "valid value of numa"),
            (.group, .less, "x", .malformedRule, "valid value of group"),
            (.vendor, .equal, "nvidia", .malformedRule, "valid value of vendor"),
            (.class, .equal, "0302", .malformedRule, "valid value of class"),
            (.id, .equal, "10de", .malformedRule, "valid value of id"),
            (.address, .equal, "41", .malformedRule, "valid value of address"),
            (.slot, .equal, "41:00.0", .malformedRule, "valid value of slot"),
            (.role, .equal, "PF", .malformedRule, "valid value of role"),
            (.name, .contains, "", .malformedRule, "needs a value"),
            (.name, .equal, "a\nb", .malformedRule, "not a single line of text"),
            (.name, .matches, "(", .malformedRule, "not a regular expression"),
            (.name, .matches, "a(?=b)", .malformedRule, "column 2: looking ahead is not supported"),
            (.name, .matches, "((a{99}){99}){99}", .malformedRule, "too large"),
            (.name, .matches, String(repeating: "(", count: 150), .malformedRule, "50 deep"),
            (.name, .matches, String(repeating: "(", count: 250), .malformedRule, "longer than 200 bytes"),
        ])
    func `that cannot work are refused with a next step`(
        _ field: DeviceField, _ comparison: Condition.Comparison, _ value: String, _ code: ProblemCode, _ words: String
    ) throws {
        let rule = Rule(name: "r", conditions: [Condition(field, comparison, value)])
        let problem = try #require(throws: Problem.self) { try rule.validate(for: .pci) }
        #expect(problem.code == code)
        #expect(problem.detail.contains(words), "\(problem.detail)")
        #expect(!problem.next.isEmpty)
    }

    @Test func `with an escaped repetition are no repetition`() throws {
        try Rule(name: "r", conditions: [Condition(.name, .matches, "\\(x\\)\\*\\*\\*\\*\\*\\*")]).validate(for: .pci)
    }

    @Test(arguments: ["", "a\tb", String(repeating: "x", count: 121)]) func `need a name of one line`(_ name: String) {
        #expect(throws: Problem.self) { try Rule(name: name, conditions: []).validate(for: .pci) }
    }
}

@Suite struct `Pools` {
    @Test(.requirements("V28", "V33")) func `hold what any of their rules matches, and never bridges`() {
        let inventory = SampleHost.inventory()
        let pool = Pool(
            name: "mixed",
            rules: [
                Rule(name: "gpus", conditions: [Condition(.name, .contains, "A100")]),
                Rule(name: "ports", conditions: [Condition(.id, .equal, "8086:2030")]),
                Rule(name: "idle", conditions: [Condition(.driver, .equal, "")]),
                Rule(name: "off", isEnabled: false, conditions: [Condition(.driver, .equal, "ahci")]),
            ])
        let matched = inventory.functions.filter { pool.matches($0, on: "atlas") }.map(\.address)
        #expect(
            matched == ([SampleHost.a100, SampleHost.secondA100, SampleHost.idle] + SampleHost.virtual).sorted())
    }

    @Test(arguments: ["gpus", "a", "0", "a100-80gb", "a.b_c", String(repeating: "x", count: 63)])
    func `accept plain names`(_ name: String) throws {
        try Pool(name: name).validate()
    }

    @Test(arguments: ["", "-a", ".a", "A", "a b", "a/b", "ä", String(repeating: "x", count: 64), "a\n"])
    func `refuse other names`(_ name: String) throws {
        let problem = try #require(throws: Problem.self) { try Pool(name: name).validate() }
        #expect(problem.code == .malformedInput)
    }

    @Test func `refuse two rules of one name`() throws {
        let rule = Rule(name: "r", conditions: [])
        let problem = try #require(throws: Problem.self) { try Pool(name: "p", rules: [rule, rule]).validate() }
        #expect(problem.code == .malformedRule)
    }
}
