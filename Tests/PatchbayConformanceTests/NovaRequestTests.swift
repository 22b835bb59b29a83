import PatchbayCore
import PatchbayTesting
import Testing

@testable import patchbay_conformance

/// From the words of a flavor to devices, on one host: a GPU on node 0, a network card and two functions of it on node 1.
@Suite struct `Nova's requests` {
    private static let gpu = device("41:00.0", "10de:20b5", node: 0)
    private static let parent = device("3b:00.0", "15b3:1017", type: "type-PF", node: 1)
    private static let children = (0..<2).map {
        device("3b:01.\($0)", "15b3:1018", type: "type-VF", of: "3b:00.0", node: 1)
    }

    private static func device(
        _ address: String, _ id: String, type: String = "type-PCI", of parent: String? = nil, node: Int
    ) -> NovaDevice {
        let ids = id.split(separator: ":").map { UInt16($0, radix: 16)! }
        return NovaDevice(
            type: type, address: try! PCIAddress(address), vendor: ids[0], product: ids[1],
            parent: parent.map { try! PCIAddress($0) }, numaNode: NUMANode(node))
    }

    /// - Parameter sockets: of node 0 and node 1.
    private func stock(tags: [String: String?] = [:], sockets: [Int] = [0, 1]) -> NovaStock {
        let devices = [Self.gpu, Self.parent] + Self.children
        return NovaStock(
            devices.map { NovaStock.Device($0, tags: tags, isFree: true) },
            sockets: [NUMANode(0): [sockets[0]], NUMANode(1): [sockets[1]]])
    }

    private func wishes(
        _ text: String, _ alias: String, policy: String? = nil, usesPlacement: Bool = false
    ) throws -> [NovaWish] {
        let aliases = try NovaAlias.parse([alias], usesPlacement: usesPlacement)
        return try NovaRequest.parse(text, aliases: aliases, policy: policy).map { request in
            NovaWish(
                count: request.count, specs: request.specs.map { $0.mapValues { .some($0) } },
                numa: try #require(NUMAPolicy(rawValue: request.numaPolicy)))
        }
    }

    private func eligible(_ alias: String, usesPlacement: Bool = false) throws -> [PCIAddress] {
        let stock = stock()
        let wish = try #require(try wishes("a1:1", alias, usesPlacement: usesPlacement).first)
        return stock.eligible(for: wish).map { stock.devices[$0].device.address }
    }

    @Test(.requirements("N49")) func `aliases ask for one or the other, and requests name them`() throws {
        let texts = [
            "{\"name\": \" gpu \", \"vendor_id\": \"10de\", \"product_id\": \"20b5\", \"device_type\": \"type-PCI\"}",
            "{\"name\": \"gpu\", \"vendor_id\": \"10DE\", \"product_id\": \"2330\", \"device_type\": \"type-PCI\"}",
        ]
        let aliases = try NovaAlias.parse(texts, usesPlacement: false)
        let requests = try NovaRequest.parse(" gpu : 2", aliases: aliases, policy: "socket")
        #expect(requests.map(\.count) == [2])
        #expect(requests.first?.numaPolicy == "socket")
        #expect(requests.first?.specs.map { $0["product_id"] } == ["20b5", "2330"])
        #expect(throws: NovaRefusal.self) { try NovaAlias.parse(texts, usesPlacement: true) }
        for text in ["gpu", "gpu:x", "gpu:-1", "none:1", "gpu:1,", "gpu:1:2"] {
            #expect(throws: NovaRefusal.self, "\(text)") { try NovaRequest.parse(text, aliases: aliases) }
        }
    }

    // MARK: names

    @Test(.requirements("N6", "N22", "N49")) func `are served by what the alias means, as many as are asked for`()
        throws
    {
        let alias =
            "{\"name\": \"a1\", \"vendor_id\": \"15b3\", \"product_id\": \"1018\", \"device_type\": \"type-VF\"}"
        #expect(try stock().allocate(try wishes("a1:2", alias), near: nil).given == [Self.children.map(\.address)])
        #expect(try stock().allocate(try wishes("a1:1,a1:1", alias), near: nil).given.map(\.count) == [1, 1])
        #expect(throws: NovaRefusal.self) { try stock().allocate(try wishes("a1:3", alias), near: nil) }
    }

    @Test(.requirements("N23")) func `need no product where a class, or a pool, says what is meant`() throws {
        let byVendor = "{\"name\": \"a1\", \"vendor_id\": \"15b3\", \"resource_class\": \"nic\"}"
        #expect(try eligible(byVendor, usesPlacement: true) == Self.children.map(\.address))
        #expect(throws: NovaRefusal.self, "Nova itself wants both ids there") { try eligible(byVendor) }
        let pool = Pool(name: "a1", rules: [Rule(name: "r", conditions: [Condition(.vendor, .equal, "10de")])])
        let matched = [Self.gpu, Self.parent].filter { device in
            let function = PCIFunction(
                address: device.address, id: PCIID(vendor: device.vendor, device: device.product),
                deviceClass: PCIClass(0x030200), role: .plain)
            return pool.matches(function, on: "atlas")
        }
        #expect(matched == [Self.gpu])
    }

    @Test(.requirements("N29")) func `need no type for what has no functions, and one for a physical function`() throws
    {
        #expect(
            try eligible("{\"name\": \"a1\", \"vendor_id\": \"10de\", \"product_id\": \"20b5\"}")
                == [Self.gpu.address])
        let card = "{\"name\": \"a1\", \"vendor_id\": \"15b3\", \"product_id\": \"1017\""
        #expect(try eligible("\(card)}") == [])
        #expect(try eligible("\(card), \"device_type\": \"type-PF\"}") == [Self.parent.address])
    }

    @Test(.requirements("N67", "N84")) func `become groups by class and traits, and by ids where no class is said`()
        throws
    {
        let texts = [
            "{\"name\": \"ids\", \"vendor_id\": \"10de\", \"product_id\": \"20b5\"}",
            "{\"name\": \"class\", \"resource_class\": \"gpu-big\", \"traits\": \"red,HW_GPU_API_VULKAN\"}",
        ]
        let aliases = try NovaAlias.parse(texts, usesPlacement: true)
        let groups = NovaRequest.groups(of: try NovaRequest.parse("ids:2,class:1", aliases: aliases))
        #expect(groups.map(\.resourceClass) == ["CUSTOM_PCI_10DE_20B5", "CUSTOM_PCI_10DE_20B5", "CUSTOM_GPU_BIG"])
        #expect(groups.map(\.traits) == [[], [], ["CUSTOM_RED", "HW_GPU_API_VULKAN"]])
    }

    // MARK: NUMA

    /// The GPU is on node 0, the guest on node 1, both on one socket.
    @Test(
        .requirements("N48", "N51", "N52", "N53"),
        arguments: [
            (nil, nil, nil, false), ("required", nil, nil, false), ("preferred", nil, nil, true),
            ("required", "preferred", nil, true), ("required", nil, "socket", true),
            ("preferred", "required", "required", false), ("required", "", nil, false),
        ] as [(String?, String?, String?, Bool)])
    func `are near as the alias says, or before it the flavor or the image`(
        _ alias: String?, _ flavor: String?, _ image: String?, _ isServed: Bool
    ) throws {
        let words = alias.map { ", \"numa_policy\": \"\($0)\"" } ?? ""
        let wishes = try wishes(
            "a1:1", "{\"name\": \"a1\", \"vendor_id\": \"10de\", \"product_id\": \"20b5\"\(words)}",
            policy: try NovaRequest.policy(flavor: flavor, image: image))
        let grant = try? stock(sockets: [0, 0]).allocate(wishes, near: [NUMANode(1)])
        #expect((grant != nil) == isServed)
    }

    @Test(
        .requirements("N51", "N52"),
        arguments: [("required", "legacy"), ("near", nil), ("", "Legacy")] as [(String?, String?)])
    func `are refused where flavor and image contradict each other, or say no policy`(
        _ flavor: String?, _ image: String?
    ) throws {
        let refusal = try #require(throws: NovaRefusal.self) { try NovaRequest.policy(flavor: flavor, image: image) }
        #expect(refusal.kind == .unclearPolicy)
        #expect(!refusal.problem.next.isEmpty)
    }

    @Test(
        .requirements("N61"),
        arguments: [
            (NUMAPolicy.required, 1, true), (.required, 0, false), (.legacy, 0, false), (.socket, 0, false),
            (.preferred, 0, true),
        ])
    func `for the ports of a network keep to the policy, too`(
        _ policy: NUMAPolicy, _ node: Int, _ isServed: Bool
    ) throws {
        let port = NovaWish(count: 2, specs: [["physical_network": "lan"]], numa: policy)
        let grant = try? stock(tags: ["physical_network": "lan"]).allocate([port], near: [NUMANode(node)])
        #expect((grant != nil) == isServed)
    }
}
