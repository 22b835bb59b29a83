import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `Network cards` {
    private func tree() throws -> SampleTree {
        let tree = try SampleTree()
        try tree.mounts([("/", "tmpfs", "tmpfs")])
        for index in 0..<4 { try tree.card("0000:0\(index):00.0", "eth\(index)") }
        return tree
    }

    private func verdicts(_ tree: SampleTree, peers: [IPAddress] = []) throws -> [HostVerdict] {
        let inventory = try tree.observe(peers: peers).inventory
        return inventory.functions.map { inventory.verdict(of: $0.address) }
    }

    @Test func `without a routing table in the tree are all unknown`() throws {
        #expect(try verdicts(tree()) == [.unknown, .unknown, .unknown, .unknown])
        #expect(try tree().observe().findings.map(\.code) == ["routes-unknown"])
    }

    @Test(.requirements("V10")) func `carry the best default route of each table, or a standby`() throws {
        let tree = try tree()
        try tree.routes([
            "4 254 00000000 0 100 eth0", "4 254 00000000 0 600 eth1", "4 1001 00000000 0 0 eth2",
            "6 254 \(String(repeating: "0", count: 32)) 0 1024 eth0",
        ])
        #expect(try verdicts(tree) == [.critical, .inUse, .critical, .free])
    }

    @Test func `share a default route of equal ways as long as another one works`() throws {
        let tree = try tree()
        try tree.routes(["4 254 00000000 0 0 eth0", "4 254 00000000 0 0 eth1"])
        #expect(try verdicts(tree) == [.inUse, .inUse, .free, .free])
        try tree.file("sys/devices/pci0000:00/0000:01:00.0/net/eth1/carrier", "0\n")
        #expect(try verdicts(tree).prefix(2) == [.critical, .inUse])
    }

    @Test(.requirements("V10", "P4")) func `lead to the server, by the longest prefix`() throws {
        let tree = try tree()
        try tree.routes([
            "4 254 00000000 0 0 eth0", "4 254 0a000000 8 0 eth1", "4 254 0a010000 16 0 eth2",
            "4 254 0a010000 16 50 eth3",
        ])
        let server = try #require(IPAddress("10.1.2.3"))
        #expect(try verdicts(tree, peers: [server]) == [.critical, .inUse, .critical, .inUse])
        let use = try #require(try tree.uses("02:00.0", peers: [server]).first { $0.severity == .critical })
        #expect(use.chain == ["peer 10.1.2.3", "eth2", "0000:02:00.0"] && use.words == "route in use")
        let six = try #require(IPAddress("2001:db8::1"))
        #expect(try verdicts(tree, peers: [six])[2] == .inUse, "no route of the other family leads there")
    }

    @Test(.requirements("V13")) func `lead to whoever is logged in`() throws {
        let tree = try tree()
        try tree.routes(["4 254 00000000 0 0 eth0", "4 254 c6336400 24 0 eth3"])
        // 198.51.100.7 to port 2222 here, and one who only listens.
        let line = "   1: 0100000A:08AE 076433C6:C001 01 00000000:00000000 00:00000000 00000000 0 0 1\n"
        try tree.file("proc/net/tcp", "  sl  local_address rem_address   st\n" + line)
        #expect(try tree.verdict("03:00.0") == .inUse, "nothing says that port 2222 is for operators")
        try tree.file("etc/ssh/sshd_config.d/10-port.conf", "Port 2222\n")
        let use = try #require(try tree.uses("03:00.0").first)
        #expect(use.severity == .critical)
        #expect(use.chain == ["operator at 198.51.100.7", "eth3", "0000:03:00.0"])
        try tree.file("proc/net/tcp", "  sl\n" + line.replacing(" 01 ", with: " 06 "))
        #expect(try tree.verdict("03:00.0") == .inUse, "a connection that is over cuts nobody off")
    }

    @Test func `with an address of their own are in use, link-local ones are not`() throws {
        let tree = try tree()
        try tree.routes([
            "4 254 0a000000 24 0 eth1", "6 254 fe80\(String(repeating: "0", count: 28)) 64 256 eth2",
            "6 254 ff\(String(repeating: "0", count: 30)) 8 256 eth2",
        ])
        #expect(try verdicts(tree) == [.free, .inUse, .free, .free])
        #expect(try tree.uses("01:00.0").map(\.chain) == [["10.0.0.0/24", "eth1", "0000:01:00.0"]])
    }

    @Test(.requirements("V10")) func `are members of bonds, bridges, switches and under VLANs`() throws {
        let tree = try tree()
        try tree.noRoutes()
        try tree.interface("br0", lower: ["eth0", "eth1"])
        try tree.interface("eth2.7", lower: ["eth2"])
        try tree.interface("ovs-system")
        func member(_ index: Int, of master: String, _ upper: String? = nil) throws {
            let directory = "sys/devices/pci0000:00/0000:0\(index):00.0/net/eth\(index)"
            if let upper {
                try tree.link("\(directory)/upper_\(upper)", to: "sys/class/net/\(upper)")
            } else {
                try tree.link("\(directory)/master", to: "sys/class/net/\(master)")
            }
        }
        try member(0, of: "br0")
        try member(1, of: "br0")
        try member(2, of: "", "eth2.7")
        try member(3, of: "ovs-system")
        #expect(try verdicts(tree) == [.inUse, .inUse, .inUse, .critical], "the switch has one working port")
        #expect(try tree.uses("00:00.0").map(\.reason) == [.networkMember])
        #expect(try tree.uses("02:00.0").map(\.chain) == [["eth2.7", "eth2", "0000:02:00.0"]])
        try tree.file("sys/devices/pci0000:00/0000:01:00.0/net/eth1/carrier", "0\n")
        #expect(try verdicts(tree).prefix(2) == [.critical, .inUse], "the last working member")
    }

    @Test func `under Open vSwitch may be the way of its own ports`() throws {
        let tree = try tree()
        try tree.interface("ovs-system")
        try tree.interface("br-ex")
        for index in [1, 2] {
            try tree.link(
                "sys/devices/pci0000:00/0000:0\(index):00.0/net/eth\(index)/master", to: "sys/class/net/ovs-system")
        }
        try tree.defaultRoute(by: "br-ex")
        #expect(try verdicts(tree) == [.free, .inUse, .inUse, .free])
        #expect(try tree.uses("01:00.0").first?.chain == ["br-ex", "ovs-system", "eth1", "0000:01:00.0"])
    }

    @Test func `with virtual functions are needed as much as those`() throws {
        let tree = try tree()
        let parent = "sys/devices/pci0000:00/0000:00:00.0"
        try tree.file("\(parent)/sriov_totalvfs", "4\n")
        try tree.file("\(parent)/sriov_numvfs", "1\n")
        let child = try tree.card("0000:05:00.1", "eth5")
        let directory = String(child.dropLast("/net/eth5".count))
        try tree.link("\(directory)/physfn", to: parent)
        try tree.link("\(parent)/virtfn0", to: directory)
        try tree.routes(["4 254 00000000 0 0 eth5"])
        let use = try #require(try tree.uses("00:00.0").first)
        #expect(use.reason == .virtualFunctions && use.severity == .critical)
        #expect(use.chain == ["eth5", "0000:05:00.1", "0000:00:00.0"])
    }
}

@Suite struct `IP addresses` {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::1"), ("[2001:DB8:0:0:0:0:0:1]", "2001:db8::1"),
        ("::", "::"), ("::1", "::1"), ("fe80::1%eth0", "fe80::1"), ("::ffff:192.0.2.1", "192.0.2.1"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
    ]) func `print back as RFC 5952 has them`(_ text: String, _ printed: String) {
        #expect(IPAddress(text)?.description == printed)
    }

    @Test(arguments: [
        "", "host", "1.2.3", "1.2.3.256", "1.2.3.4.5", "1:2:3", ":::", "1::2::3", "12345::", "::1.2.3", "+1::",
        "1.2.3.٤",
        "1:2:3:4:5:6:7:8::",
    ]) func `are refused when they are none`(_ text: String) {
        #expect(IPAddress(text) == nil)
    }
}
