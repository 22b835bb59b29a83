import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Nova's device_spec` {
    private static let parent = try! PCIAddress("0000:3b:00.0")
    private static let host = NovaHost(
        parents: [parent: .init(id: PCIID(vendor: 0x15b3, device: 0x1017), virtualProduct: 0x1018)],
        interfaces: ["ens3f0": parent, "eno1": try! PCIAddress("0000:01:00.0")])
    private static let devices = [
        NovaDevice(type: "type-PF", address: parent, vendor: 0x15b3, product: 0x1017),
        NovaDevice(
            type: "type-VF", address: try! PCIAddress("0000:3b:01.2"), vendor: 0x15b3, product: 0x1018, parent: parent,
            cardSerial: "MT1"),
        NovaDevice(address: try! PCIAddress("0000:0a:1f.7"), vendor: 0x10de, product: 0x20b5),
        NovaDevice(address: try! PCIAddress("10000:0a:00.0"), vendor: 0x10de, product: 0x20b5),
    ]

    @Test(
        .requirements("N18", "N19", "N20", "N21", "N24", "N25", "N11"),
        arguments: [
            ("{}", [0, 1, 2]), ("[]", []), ("{\"vendor_id\": \"10DE\"}", [2]), ("{\"vendor_id\": \" 0x10de \"}", [2]),
            ("{\"vendor_id\": \"*\", \"product_id\": \"1018\"}", [1]), ("{\"address\": \"0000:0a:1f.7\"}", [2]),
            ("{\"address\": \"0:a:1f.7\"}", [2]), ("{\"address\": \"0a\"}", []), ("{\"address\": \"1f\"}", [2]),
            ("{\"address\": \"0a:*.*\"}", [2]), ("{\"address\": \".2\"}", [1]), ("{\"address\": null}", [0, 1, 2]),
            ("{\"address\": \"3b:00.0\"}", [0]), ("{\"address\": \"0000:3b:00.0\"}", [0, 1]),
            ("{\"address\": {\"bus\": \"0\"}}", [2]), ("{\"address\": {\"bus\": \"0A\"}}", []),
            ("{\"address\": {\"bus\": \"b\"}}", []),
            ("{\"address\": {\"bus\": \"3b$\", \"function\": \"0|2\"}}", [0, 1]),
            (
                "{\"address\": {\"domain\": \"0000\", \"bus\": \"3b\", \"slot\": \"00\", \"function\": \"0\"}}", [0, 1]
            ), ("{\"devname\": \"ens3f0\"}", [0, 1]), ("{\"devname\": \"gone0\"}", []),
            ("{\"vendor_id\": \"15b3\", \"remote_managed\": \"yes\"}", [1]),
            ("{\"vendor_id\": \"15b3\", \"remote_managed\": \"maybe\"}", [0, 1]),
            ("[{\"vendor_id\": \"10de\"}, {\"product_id\": \"1017\"}]", [0, 2]),
        ])
    func `matches what Nova matches`(_ text: String, _ expected: [Int]) throws {
        let specs = try NovaDeviceSpec.parse(text, on: Self.host)
        let matches = specs.firstMatches(Self.devices, on: Self.host)
        #expect(matches.indices.filter { matches[$0] != nil } == expected)
    }

    @Test(
        .requirements("N10", "N20"),
        arguments: [
            ("", NovaRefusal.Kind.malformed), ("[", .malformed), ("{\"vendor_id\": 10de}", .malformed),
            ("5", .malformed), ("[[{}]]", .malformed), ("{\"vendor_id\": \"110de\"}", .malformed),
            ("{\"vendor_id\": null}", .malformed), ("{\"product_id\": \" * \"}", .malformed),
            ("{\"address\": \"10000:00:00.0\"}", .malformed), ("{\"address\": \"0:100:0.0\"}", .malformed),
            ("{\"address\": \"0:0:20.0\"}", .malformed), ("{\"address\": \"0:0:0.8\"}", .malformed),
            ("{\"address\": \"0*:0:0.0\"}", .malformed), ("{\"address\": \"0:0:0:0.0\"}", .malformedAddress),
            ("{\"address\": 5}", .malformedAddress), ("{\"address\": {\"bus\": \"(\"}}", .malformedAddress),
            ("{\"address\": {\"bus\": 5}}", .malformedAddress),
            ("{\"devname\": \"eno1\", \"address\": \"0a:00.0\"}", .twoPlaces), ("{\"managed\": \"2\"}", .malformed),
            ("{\"one_time_use\": \"true\"}", .malformed),
            ("{\"devname\": \"gone0\", \"remote_managed\": \"true\"}", .interfaceMissing),
            ("{\"address\": \"0000:3b:00.0\", \"remote_managed\": \"true\"}", .remoteManagedParent),
            ("{\"address\": \"0000:3b:00.0\", \"product_id\": \"1\", \"remote_managed\": \"true\"}", .malformed),
        ])
    func `is refused for Nova's reasons`(_ text: String, _ kind: NovaRefusal.Kind) throws {
        let refusal = try #require(throws: NovaRefusal.self) { try NovaDeviceSpec.parse(text, on: Self.host) }
        #expect(refusal.kind == kind, "\(refusal.sentence)")
        #expect(!refusal.problem.next.isEmpty)
    }

    @Test func `keeps its tags, with yes and no written one way`() throws {
        let text =
            "{\"managed\": true, \"live_migratable\": \"OFF\", \"physical_network\": null, \"x\": [1, \"\\u00e9\"]}"
        let spec = try #require(try NovaDeviceSpec.parse(text).first)
        #expect(
            spec.tags == [
                "managed": .text("true"), "live_migratable": .text("false"), "physical_network": .null,
                "x": .list([.number("1"), .text("é")]),
            ])
    }

    @Test(
        arguments: [
            (nil, "CUSTOM_PCI_10DE_20B5"), ("gpu", "CUSTOM_GPU"), ("pgpu", "PGPU"), ("custom_a/b", "CUSTOM_A/B"),
            ("a -- b", "CUSTOM_A_B"), ("_é_", "CUSTOM__"),
        ] as [(String?, String)])
    func `names resource classes as placement does`(_ name: String?, _ expected: String) {
        #expect(NovaNames.resourceClass(name, vendor: "10de", product: "20b5") == expected)
    }

    @Test(arguments: [
        ("", []), ("blue, big", ["CUSTOM_BLUE", "CUSTOM__BIG"]), ("HW_GPU_API_VULKAN", ["HW_GPU_API_VULKAN"]),
        ("hw_gpu_api_vulkan,,a,a", ["CUSTOM_", "CUSTOM_A", "CUSTOM_HW_GPU_API_VULKAN"]),
    ]) func `names traits as placement does`(_ text: String, _ expected: [String]) {
        #expect(NovaNames.traits(text) == expected)
    }

    @Test(
        .requirements("N18", "N19"),
        arguments: [
            "{}", "{\"vendor_id\": \"10de\"}", "{\"product_id\": \"1018\", \"managed\": \"no\"}",
            "{\"address\": \"0000:3b:00.0\"}", "{\"address\": \"*:3b:*.*\"}", "{\"address\": \"1f\"}",
            "{\"address\": \".2\"}",
            "{\"address\": \"0000:0a:1f.7\", \"vendor_id\": \"10de\"}",
        ])
    func `becomes rules that match the same devices`(_ text: String) throws {
        let specs = try NovaDeviceSpec.parse(text, on: Self.host)
        let rules = try specs.flatMap { try $0.rules(named: "r") }
        for rule in rules { try rule.validate(for: .pci) }
        let expected = specs.firstMatches(Self.devices, on: Self.host).map { $0 != nil }
        let ours = Self.devices.prefix(3).map { device in
            let role: PCIRole = device.parent.map { .virtual(parent: $0, index: 0) } ?? .plain
            let function = PCIFunction(
                address: device.address, id: PCIID(vendor: device.vendor, device: device.product),
                deviceClass: PCIClass(0x020000), role: role)
            return rules.contains { $0.matches(function, on: "atlas") }
        }
        #expect(ours == Array(expected.prefix(3)))
    }

    @Test(
        .requirements("N13"),
        arguments: [
            "{\"devname\": \"eno1\"}", "{\"address\": {\"bus\": \"0a\"}}",
            "{\"vendor_id\": \"15b3\", \"remote_managed\": \"true\"}",
        ]) func `becomes no rule where none means the same`(_ text: String) throws
    {
        let spec = try #require(try NovaDeviceSpec.parse(text, on: Self.host).first)
        let problem = try #require(throws: Problem.self) { try spec.rules(named: "r") }
        #expect(problem.code == .malformedRule)
        #expect(!problem.next.isEmpty)
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func `survives anything that is written`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "d800", "\"address\"", "\"vendor_id\"", "\"bus\"", "10de",
            "*",
            " ", "0", "-", "1e9", "true", "null", "(", "|", "é", "\u{0}", "🙂", "0000:00:00.0", "\"devname\"",
        ]
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 0...14, using: &random)).map { _ in random.pick(pieces) }.joined()
            guard let specs = try? NovaDeviceSpec.parse(text, on: Self.host) else { continue }
            _ = specs.firstMatches(Self.devices, on: Self.host)
        }
    }
}
