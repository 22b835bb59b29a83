import PatchbayCore
import PatchbayHost
import Testing

@Suite struct `Accelerators and memory of cards` {
    private static let engine = "sys/devices/pci0000:00/0000:00:04.0"

    @Test func `are in use while a DMA channel has clients`() throws {
        let tree = try SampleTree()
        try tree.function("0000:00:04.0", id: "8086:2021", deviceClass: "088000", driver: "ioatdma")
        try tree.link("sys/class/dma/dma0chan0", to: "\(Self.engine)/dma/dma0chan0")
        try tree.file("\(Self.engine)/dma/dma0chan0/in_use", "0\n")
        #expect(try tree.verdict("00:04.0") == .free)
        try tree.file("\(Self.engine)/dma/dma0chan0/in_use", "2\n")
        let use = try #require(try tree.uses("00:04.0").first)
        #expect(use.reason == .accelerator && use.severity == .inUse)
        #expect(use.chain == ["DMA channel dma0chan0", "0000:00:04.0"])
    }

    @Test(arguments: [
        ("enabled", "user", "0", "", HostVerdict.free), ("enabled", "user", "3", "", .inUse),
        ("enabled", "kernel", "0", "crypto", .inUse), ("disabled", "kernel", "0", "crypto", .free),
    ])
    func `are in use while a work queue is`(
        _ state: String, _ type: String, _ clients: String, _ name: String, _ verdict: HostVerdict
    ) throws {
        let tree = try SampleTree()
        try tree.function("0000:00:04.0", id: "8086:0b25", deviceClass: "088000", driver: "idxd")
        let queue = "\(Self.engine)/dsa0/wq0.0"
        try tree.link("sys/bus/dsa/devices/wq0.0", to: queue)
        try tree.file("\(queue)/state", "\(state)\n")
        try tree.file("\(queue)/type", "\(type)\n")
        try tree.file("\(queue)/clients", "\(clients)\n")
        try tree.file("\(queue)/driver_name", "\(name)\n")
        #expect(try tree.verdict("00:04.0") == verdict)
    }

    private static let root = "sys/devices/platform/ACPI0017:00/root0"

    /// A memory card and a CXL bus that knows it.
    private func memoryCard(_ tree: SampleTree, deviceClass: String = "050210") throws {
        let card = try tree.function(
            "0000:35:00.0", below: "pci0000:34/0000:34:00.0", id: "1e98:0001", deviceClass: deviceClass,
            driver: "cxl_pci")
        try tree.directory("\(card)/mem0")
        try tree.link("sys/bus/cxl/devices/mem0", to: "\(card)/mem0")
        let endpoint = "\(Self.root)/port1/endpoint5"
        try tree.link("\(endpoint)/uport", to: "\(card)/mem0")
        try tree.link("sys/bus/cxl/devices/endpoint5", to: endpoint)
        try tree.directory("\(endpoint)/decoder5.0")
        try tree.link("sys/bus/cxl/devices/decoder5.0", to: "\(endpoint)/decoder5.0")
    }

    private func region(_ tree: SampleTree, mode: String = "ram", driver: String? = nil) throws {
        let region = "\(Self.root)/decoder0.0/region0"
        try tree.link("sys/bus/cxl/devices/region0", to: region)
        try tree.file("\(region)/commit", "1\n")
        try tree.file("\(region)/mode", "\(mode)\n")
        try tree.file("\(region)/target0", "decoder5.0\n")
        guard let driver else { return }
        let part = "\(region)/dax_region0/dax0.0"
        try tree.link("sys/bus/dax/devices/dax0.0", to: part)
        try tree.directory("sys/bus/dax/drivers/\(driver)")
        try tree.link("\(part)/driver", to: "sys/bus/dax/drivers/\(driver)")
    }

    @Test(
        arguments: [
            ("kmem", "ram", HostVerdict.critical), (nil, "ram", .critical), ("device_dax", "ram", .inUse),
            (nil, "pmem", .inUse),
        ] as [(String?, String, HostVerdict)])
    func `are needed while the memory is the system's`(
        _ driver: String?, _ mode: String, _ verdict: HostVerdict
    ) throws {
        let tree = try SampleTree()
        try memoryCard(tree)
        #expect(try tree.verdict("35:00.0") == .free)
        try region(tree, mode: mode, driver: driver)
        #expect(try tree.verdict("35:00.0") == verdict)
        let use = try #require(try tree.uses("35:00.0").first)
        #expect(use.reason == .memory && use.chain.last == "0000:35:00.0" && use.chain.contains("region0"))
    }

    @Test func `are needed on cards of other classes, too`() throws {
        let tree = try SampleTree()
        try memoryCard(tree, deviceClass: "120000")
        try region(tree)
        #expect(try tree.verdict("35:00.0") == .critical)
    }

    @Test func `are not free where nothing tells`() throws {
        let tree = try SampleTree()
        try tree.function("0000:35:00.0", id: "1e98:0001", deviceClass: "050210")
        #expect(try tree.verdict("35:00.0") == .unknown)
    }
}
