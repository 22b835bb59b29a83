import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `Parts of the board` {
    /// Every class that never leaves the host, with who makes it, and the ones that look alike and may.
    @Test(
        .requirements("V9", "V11"),
        arguments: [
            ("8086:1237", "060000", .chipset), ("8086:a324", "060100", .chipset),
            ("8086:0001", "060200", .chipset), ("8086:0001", "060300", .chipset), ("1180:0476", "060700", .chipset),
            ("8086:0001", "060400", .chipset), ("8086:a36f", "050000", .chipset), ("8086:0001", "058000", .chipset),
            ("1022:1451", "080600", .chipset), ("8086:0001", "080000", .chipset), ("8086:0001", "080100", .chipset),
            ("8086:0001", "080200", .chipset), ("8086:0001", "080300", .chipset), ("8086:0001", "080501", .chipset),
            ("8086:a323", "0c0500", .chipset), ("8086:2f36", "110100", .chipset), ("8086:a379", "118000", .chipset),
            ("8086:a360", "078000", .chipset), ("1234:0001", "0c0701", .management),
            ("1a03:2000", "030000", .management),
            ("102b:0538", "030000", .management), ("103c:3306", "088000", .management),
            ("19e5:1711", "030000", .management),
            // An FPGA card, a telephony card, an accelerator, a PCI switch's endpoint, a GPU: ordinary devices.
            ("10ee:903f", "058000", nil), ("d161:0800", "078000", nil), ("1ac1:089a", "088000", nil),
            ("10de:22a3", "068000", nil), ("10de:20b5", "030200", nil), ("8086:1572", "020000", nil),
            ("1022:1456", "108000", nil),
        ] as [(String, String, HostUse.Reason?)])
    func `stay with the host by their class or id`(_ id: String, _ code: String, _ reason: HostUse.Reason?) throws {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.consoles(["ttyS0"])
        try tree.function("0000:03:00.0", id: id, deviceClass: code, driver: "some")
        let uses = try tree.uses("03:00.0")
        #expect(uses.map(\.reason) == (reason.map { [$0] } ?? []))
        #expect(uses.allSatisfy { $0.severity == .critical && $0.chain.count == 2 })
    }

    /// The same class in the processor and on a card.
    @Test(
        .requirements("V9"),
        arguments: [
            ("8086:2024", "088000", nil, HostVerdict.critical), ("8086:344c", "088000", "icx_uncore", .critical),
            ("8086:3451", "088000", "isst_if_pci", .critical), ("8086:2058", "110100", nil, .critical),
            ("8086:a1a4", "0c8000", "intel-spi", .critical), ("8086:a1ec", "ff0000", nil, .critical),
            ("8086:3456", "130000", "intel_th_pci", .critical), ("8086:7113", "068000", nil, .critical),
            ("1022:14a6", "080700", "pcieport", .critical), ("8086:0b23", "088000", "pcieport", .critical),
            ("8086:2021", "088000", "ioatdma", .free), ("8086:2f20", "088000", nil, .free),
            ("8086:0b25", "088000", "idxd", .free), ("8086:0b25", "088000", "vfio-pci", .free),
            ("8086:0cfe", "088000", nil, .free), ("8086:4940", "0b4000", "4xxx", .free),
            ("8086:2710", "0b4000", "dlb2", .free), ("8086:1521", "020000", nil, .free),
        ] as [(String, String, String?, HostVerdict)])
    func `of the processor are told from its accelerators`(
        _ id: String, _ code: String, _ driver: String?, _ verdict: HostVerdict
    ) throws {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.consoles(["ttyS0"])
        try tree.function("0000:00:05.0", id: id, deviceClass: code, driver: driver)
        #expect(try tree.verdict("00:05.0") == verdict)
    }

    @Test(
        .requirements("V9"),
        arguments: [
            ("10ee:f401", "118000", nil, HostVerdict.free), ("1093:c4c4", "110100", nil, .free),
            ("1217:8520", "080501", "sdhci-pci", .free), ("10ee:0001", "088000", nil, .free),
            ("10ee:0001", "050000", nil, .free), ("10de:22a3", "068000", nil, .free),
            ("1000:0001", "130000", nil, .free), ("1022:1502", "118000", "amdxdna", .free),
            // Broadcom's switches have endpoints of their own; they look like storage controllers.
            ("1000:00b2", "010700", "mpt3sas", .critical), ("1000:02b2", "010700", nil, .critical),
            ("1000:0097", "010700", "mpt3sas", .unknown),
            // AMD puts its own devices behind ports; nothing is in a slot there.
            ("1022:164a", "118000", "pcie_mp2_amd", .critical), ("1022:1485", "130000", nil, .critical),
            ("8086:0001", "060000", nil, .critical), ("1022:14a6", "080700", nil, .critical),
        ] as [(String, String, String?, HostVerdict)])
    func `are not cards of the same class in a slot`(
        _ id: String, _ code: String, _ driver: String?, _ verdict: HostVerdict
    ) throws {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.consoles(["ttyS0"])
        try tree.function("0000:00:1c.0", id: "8086:a190", deviceClass: "060400", headerType: 1, driver: "pcieport")
        try tree.function(
            "0000:06:00.0", below: "pci0000:00/0000:00:1c.0", id: id, deviceClass: code, driver: driver)
        #expect(try tree.verdict("06:00.0") == verdict)
    }

    @Test func `include the other functions of a switch's port`() throws {
        let tree = try SampleTree()
        let port = "pci0000:00/0000:00:1c.0"
        try tree.function("0000:00:1c.0", id: "8086:a190", deviceClass: "060400", headerType: 1, driver: "pcieport")
        try tree.function("0000:06:00.0", below: port, id: "10b5:8749", deviceClass: "060400", headerType: 1)
        try tree.function("0000:06:00.1", below: port, id: "10b5:87d0", deviceClass: "088000", driver: "plx_dma")
        #expect(try tree.verdict("06:00.1") == .critical)
        // A chipset behind a port has controllers beside its switch.
        try tree.consoles(["ttyS0"])
        try tree.function("0000:06:00.2", below: port, id: "1022:43d5", deviceClass: "0c0330", driver: "xhci_hcd")
        #expect(try tree.verdict("06:00.2") == .free)
    }

    @Test func `include the security processor while guests' memory is encrypted`() throws {
        let tree = try SampleTree()
        try tree.function("0000:03:00.2", id: "1022:1486", deviceClass: "108000", driver: "ccp")
        #expect(try tree.verdict("03:00.2") == .free)
        try tree.file("sys/module/kvm_amd/parameters/sev", "Y\n")
        #expect(try tree.verdict("03:00.2") == .critical)
    }
}
