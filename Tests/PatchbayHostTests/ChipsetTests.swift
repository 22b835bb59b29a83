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

    @Test func `include the security processor while guests' memory is encrypted`() throws {
        let tree = try SampleTree()
        try tree.function("0000:03:00.2", id: "1022:1486", deviceClass: "108000", driver: "ccp")
        #expect(try tree.verdict("03:00.2") == .free)
        try tree.file("sys/module/kvm_amd/parameters/sev", "Y\n")
        #expect(try tree.verdict("03:00.2") == .critical)
    }
}
