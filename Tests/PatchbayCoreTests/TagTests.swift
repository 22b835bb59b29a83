import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Tags` {
    private static let inventory = SampleHost.inventory()

    /// A rule over one kind of device of the sample host, by a filter.
    private static func rule(_ filter: String, tags: [String: String], isEnabled: Bool = true) throws -> Rule {
        let rule = Rule(
            name: "\(filter) \(tags)", isEnabled: isEnabled, conditions: try DeviceFilter(parsing: filter).conditions,
            tags: tags)
        try rule.validate(for: .pci)
        return rule
    }

    private static func tags(_ address: PCIAddress, _ rules: [Rule]) -> DeviceTags? {
        Pool(name: "p", rules: rules).tags(of: inventory[address]!, on: SampleHost.name)
    }

    // MARK: where they come from

    @Test func `are those of the first enabled rule that matches`() throws {
        let rules = [
            try Self.rule("vendor=10de", tags: ["rack": "off"], isEnabled: false),
            try Self.rule("numa=1 vendor=10de", tags: ["rack": "B"]),
            try Self.rule("vendor=10de", tags: ["rack": "A", "physical_network": "lan"]),
        ]
        #expect(Self.tags(SampleHost.a100, rules)?.words == ["rack": "a", "physical_network": "lan"])
        #expect(Self.tags(SampleHost.secondA100, rules)?.words == ["rack": "b"])
        #expect(Self.tags(SampleHost.idle, rules) == nil, "it is not in the pool")
        #expect(Self.tags(SampleHost.bridge, [try Self.rule("vendor!=ffff", tags: [:])]) == nil)
    }

    @Test func `are read as what they are`() {
        let tags = DeviceTags([
            "live_migratable": "Yes", "managed": "0", "remote_managed": "maybe", "traits": "red,hw_x,red",
            "resource_class": "gpu-big", "physical_network": "",
        ])
        #expect(tags.words == ["live_migratable": "true", "managed": "false", "remote_managed": "false"])
        #expect(tags.traits == ["CUSTOM_HW_X", "CUSTOM_RED", "HW_PCI_LIVE_MIGRATABLE"])
        #expect(tags.resourceClass == "CUSTOM_GPU_BIG")
        #expect(DeviceTags(["trusted": "true", "traits": "red"]).count == 1, "traits make nothing special")
        #expect(DeviceTags([:]).isEmpty && !DeviceTags(["traits": "red"]).isEmpty)
    }

    @Test(
        arguments: [
            (["managed": "perhaps"], "\"perhaps\" is not a valid value of the tag managed"),
            (["trusted": ""], "trusted"),
            (["live_migratable": "2"], "live_migratable"), (["one_time_use": "true "], nil),
            (["remote_managed": "perhaps"], nil), (["resource_class": ""], "needs a value"),
            (["physical_network": ""], nil), (["": "x"], "is not a valid tag name"),
            (["a=b": "x"], "is not a valid tag name"),
            (["a": "x\ny"], "not one line"), ([String(repeating: "a", count: 65): ""], "is not a valid tag name"),
            (["a": String(repeating: "b", count: 256)], "too long"),
        ] as [([String: String], String?)])
    func `of a rule are checked`(_ tags: [String: String], _ words: String?) throws {
        let rule = Rule(name: "r", conditions: [Condition(.numa, .equal, "0")], tags: tags)
        guard let words else { return try rule.validate(for: .pci) }
        let problem = try #require(throws: Problem.self) { try rule.validate(for: .pci) }
        #expect(problem.code == .malformedRule)
        #expect(problem.detail.hasPrefix("Rule \"r\"") && problem.detail.contains(words), "\(problem.detail)")
        #expect(!problem.next.isEmpty)
    }

    @Test func `of a rule are not too many`() {
        let many = Dictionary(uniqueKeysWithValues: (0...TagText.most).map { ("t\($0)", "x") })
        #expect(throws: Problem.self) { try TagText.validate(many, of: "Request \"r\"", .malformedInput) }
    }

    // MARK: what they decide

    @Test(.requirements("N32"))
    func `bind a device to a physical network`() throws {
        let rules = [
            try Self.rule("address=b1:01.0", tags: ["physical_network": "lan"]),
            try Self.rule("role=type-VF", tags: ["physical_network": "storage"]),
        ]
        let first = try #require(Self.tags(SampleHost.virtual[0], rules))
        let second = try #require(Self.tags(SampleHost.virtual[1], rules))
        let test = TagTest(["physical_network": "LAN"])
        #expect(test.serves(first))
        #expect(test.failure(on: second) == "It is tagged physical_network=storage, not LAN.")
        #expect(TagTest([:]).serves(second), "who asks for no network gets any")
    }

    @Test(.requirements("N33"), arguments: [["physical_network": ""], [:]])
    func `without a physical network serve an overlay`(_ tags: [String: String]) {
        let overlay = TagTest(["physical_network": ""])
        #expect(overlay.serves(DeviceTags(tags)))
        #expect(
            overlay.failure(on: ["physical_network": "lan"])
                == "It is tagged physical_network=lan, and the request excludes the tag physical_network.")
        #expect(
            TagTest.failure(of: ["physical_network": "lan"], on: DeviceTags(tags))
                == "It is not tagged physical_network=lan.")
    }

    @Test(.requirements("N35"))
    func `join a physical network with remote management`() {
        let wanted = TagTest(["physical_network": "lan", "remote_managed": "true"])
        #expect(wanted.serves(["physical_network": "lan", "remote_managed": "true"]))
        #expect(!wanted.serves(["physical_network": "lan"]))
        #expect(!wanted.serves(["physical_network": "wan", "remote_managed": "true"]))
    }

    @Test(.requirements("N36", "N37", "N38", "N40"))
    func `keep what is managed remotely for those who ask for it`() throws {
        let rules = [
            try Self.rule("address=b1:01.0", tags: ["remote_managed": "true"]),
            try Self.rule("role=type-VF", tags: [:]),
        ]
        let remote = try #require(Self.tags(SampleHost.virtual[0], rules))
        let ordinary = try #require(Self.tags(SampleHost.virtual[1], rules))
        let asking = TagTest(["remote_managed": "true"])
        #expect(asking.serves(remote))
        #expect(asking.failure(on: ordinary) == "It is not tagged remote_managed=true.")
        for wanted in [[:], ["remote_managed": "false"], ["rack": "a"]] {
            #expect(
                TagTest.failure(of: wanted, on: remote)
                    == "It is managed remotely, and the request does not have the tag remote_managed=true.")
        }
        #expect(TagTest([:]).serves(ordinary), "untagged is not managed remotely: a DPU's functions have to be tagged")
        #expect(TagTest(["remote_managed": "false"]).serves(ordinary))
    }

    @Test(.requirements("N39"), arguments: [SampleHost.parent, SampleHost.idle])
    func `call only virtual functions remotely managed`(_ address: PCIAddress) throws {
        let tags = try #require(
            Self.tags(address, [try Self.rule("vendor=8086", tags: ["remote_managed": "true"])]))
        for wanted in [[:], ["remote_managed": "true"]] {
            #expect(
                TagTest.failure(of: wanted, on: tags)
                    == "It is tagged remote_managed, which only a virtual function can be.")
        }
    }

    @Test(.requirements("N42"))
    func `give only trusted devices to who asks for trust`() {
        let wanted = TagTest(["trusted": "yes"])
        #expect(wanted.serves(["trusted": "True"]))
        #expect(wanted.failure(on: ["trusted": "false"]) == "It is tagged trusted=false, not yes.")
        #expect(wanted.failure(on: [:]) == "It is not tagged trusted=yes.")
        #expect(TagTest([:]).serves(["trusted": "true"]))
    }

    @Test func `that say nothing of moving are neither movable nor not`() {
        #expect(TagTest(["live_migratable": "true"]).serves(["live_migratable": "on"]))
        #expect(!TagTest(["live_migratable": "true"]).serves([:]))
        #expect(TagTest(["live_migratable": "no"]).serves(["live_migratable": "false"]))
        #expect(!TagTest(["live_migratable": "no"]).serves([:]))
    }

    @Test(.requirements("N84"))
    func `serve who asks by class and traits`() throws {
        let rules = [
            try Self.rule("address=41:00.0", tags: ["traits": "HW_GPU_API_VULKAN,red,blue"]),
            try Self.rule("vendor=10de", tags: ["resource_class": "gpu-big", "live_migratable": "yes"]),
        ]
        let plain = try #require(Self.tags(SampleHost.a100, rules))
        let big = try #require(Self.tags(SampleHost.secondA100, rules))
        #expect(TagTest(["resource_class": "custom_pci_10de_20b5"]).serves(plain), "made from its ids")
        #expect(TagTest(["resource_class": "GPU big"]).serves(big))
        #expect(
            TagTest.failure(of: ["resource_class": "gpu-big"], on: plain)
                == "Its resource class is CUSTOM_PCI_10DE_20B5, not CUSTOM_GPU_BIG.")
        #expect(TagTest(["traits": "Red,HW_GPU_API_VULKAN"]).serves(plain))
        #expect(
            TagTest.failure(of: ["traits": "red,green,blue,gold"], on: plain)
                == "It does not have the traits CUSTOM_GOLD, CUSTOM_GREEN.")
        #expect(TagTest(["traits": "HW_PCI_LIVE_MIGRATABLE"]).serves(big))
        #expect(!TagTest(["traits": "HW_PCI_LIVE_MIGRATABLE"]).serves(plain))
    }

    @Test func `of Nova's entries become those of rules`() throws {
        let text =
            "{\"vendor_id\": \"10de\", \"physical_network\": null, \"trusted\": \"true\", \"managed\": null, "
            + "\"rack\": 7, \"remote_managed\": \"perhaps\", \"live_migratable\": true}"
        let spec = try #require(try NovaDeviceSpec.parse(text).first)
        let rule = try #require(try spec.rules(named: "r").first)
        try rule.validate(for: .pci)
        #expect(
            rule.tags == [
                "physical_network": "", "trusted": "true", "rack": "7", "remote_managed": "false",
                "live_migratable": "true",
            ])
        let both = try #require(try NovaDeviceSpec.parse("{\"address\": \"0000:b1:00.0\", \"x\": \"y\"}").first)
        #expect(try both.rules(named: "r").map(\.tags) == [["x": "y"], ["x": "y"]])
        let list = try #require(try NovaDeviceSpec.parse("{\"x\": [1]}").first)
        #expect(throws: Problem.self) { try list.rules(named: "r") }
    }
}
