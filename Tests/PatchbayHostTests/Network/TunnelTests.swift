import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `A default route by a tunnel` {
    /// 203.0.113.5
    private static let end = "cb007105"

    /// The tunnel has the default route, eth1 leads to its end, eth0 has a network, eth2 and eth3 have a link only.
    private func tree(_ link: String) throws -> SampleTree {
        let tree = try SampleTree.withFourCards()
        try tree.links([link])
        let name = link.prefix { $0 != " " }
        try tree.routes([
            "4 254 00000000 0 0 \(name)", "4 254 \(Self.end) 32 0 eth1 via", "4 254 0a000000 24 0 eth0",
        ])
        return tree
    }

    @Test(
        .requirements("V10"),
        arguments: [
            "wireguard", "ipip", "sit", "gre", "gretap", "ip6gre", "erspan", "ip6tnl", "vti", "vti6", "vxlan", "geneve",
        ]) func `stands on the card that its other end is reached by`(_ kind: String) throws
    {
        let tree = try tree("x0 kind=\(kind) remote=\(Self.end)")
        #expect(try tree.verdicts() == [.inUse, .critical, .free, .free])
        #expect(try tree.chains("01:00.0") == [["x0", "endpoint 203.0.113.5", "eth1", "0000:01:00.0"]])
    }

    @Test(arguments: ["wireguard", "xfrm", "ovpn", "bareudp", "vxlan"])
    func `stands on all that leads further where its other end is not told`(_ kind: String) throws {
        let tree = try tree("x0 kind=\(kind)")
        #expect(try tree.verdicts() == [.inUse, .critical, .free, .free])
        #expect(try tree.chains("01:00.0") == [["x0", "an unknown endpoint", "eth1", "0000:01:00.0"]])
        let proxied = try self.tree("x0 kind=\(kind) remote=7f000001")
        #expect(try proxied.verdicts() == [.inUse, .critical, .free, .free], "a program on this host is its other end")
    }

    @Test(arguments: ["gre", "vxlan", "xfrm", "macvlan"]) func `stands on the card that it is tied to`(_ kind: String)
        throws
    {
        let tree = try tree("x0 kind=\(kind) link=eth2")
        #expect(try tree.verdicts() == [.inUse, .inUse, .critical, .free])
    }

    @Test func `may stand on another tunnel, and that on a connection of PPPoE`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.links(["wg0 kind=wireguard remote=c6336401", "gre0 kind=gre remote=\(Self.end)", "ppp0 kind=ppp"])
        try tree.pppoe(["eth2"])
        try tree.routes([
            "4 254 00000000 0 0 wg0", "4 254 c6336400 24 0 gre0", "4 254 \(Self.end) 32 0 ppp0",
            "4 254 0a000000 24 0 eth0",
        ])
        #expect(try tree.verdicts() == [.inUse, .free, .critical, .free])
        let chain = ["wg0", "endpoint 198.51.100.1", "gre0", "endpoint 203.0.113.5", "ppp0", "eth2", "0000:02:00.0"]
        #expect(try tree.chains("02:00.0") == [chain])
    }

    /// As wg-quick does it: the default route is in a table of its own, the outer packets use the main one.
    @Test func `beside that of its outer packets leaves idle cards alone`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.links(["wg0 kind=wireguard remote=\(Self.end)"])
        try tree.routes(["4 51820 00000000 0 0 wg0", "4 254 00000000 0 100 eth1 via"])
        try tree.file("run/patchbay/rules", "4 0 255\n4 32764 254\n4 32765 51820\n4 32766 254\n4 32767 253\n")
        #expect(try tree.verdicts() == [.free, .critical, .free, .free])
    }

    @Test func `that leads to itself is in doubt, and so is every port with a link`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.links(["wg0 kind=wireguard remote=c6336401", "wg1 kind=wireguard remote=0a090001"])
        try tree.routes([
            "4 254 00000000 0 0 wg0", "4 254 c6336400 24 0 wg1", "4 254 0a090000 16 0 wg0", "4 254 0a000000 24 0 eth0",
        ])
        try tree.unplug(3)
        #expect(try tree.verdicts() == [.critical, .free, .free, .free], "eth0 is the only card that leads anywhere")
        try tree.routes(["4 254 00000000 0 0 wg0", "4 254 c6336400 24 0 wg1", "4 254 0a090000 16 0 wg0"])
        #expect(try tree.verdicts() == [.unknown, .unknown, .unknown, .free])
        #expect(try tree.observe().findings.contains { $0.code == "route-unknown" })
    }

    @Test func `is known by its name where nothing else tells`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.interface("wg0")
        try tree.unplug(3)
        try tree.defaultRoute(by: "wg0")
        #expect(try tree.verdicts() == [.unknown, .unknown, .unknown, .free], "only the main table is here")
        #expect(try tree.chains("02:00.0") == [["wg0", "eth2", "0000:02:00.0"]])
        let second = try SampleTree.withFourCards()
        try second.interface("wg0")
        try second.routes(["4 254 00000000 0 0 wg0", "4 100 00000000 0 0 eth1 via"])
        #expect(try second.verdicts() == [.free, .critical, .free, .free])
    }

    /// As OpenVPN and others write it; the tree has the main table alone. A host of a private network is no server: DHCP in
    /// clouds (169.254.169.254, 168.63.129.16) and Calico have such routes, too.
    @Test(arguments: [
        ("057100CB", true), ("FEA9FEA9", false), ("10813FA8", false), ("0501000A", false), ("051010AC", false),
        ("0501A8C0", false), ("05004064", false), ("05008064", true), ("050020AC", true),
    ]) func `whose server has a route of its own by a gateway leaves idle cards alone`(
        _ server: String, _ isServer: Bool
    ) throws {
        let tree = try SampleTree.withFourCards()
        try tree.interface("wg0")
        try tree.file(
            "proc/net/route",
            """
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
            wg0\t00000000\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0
            wg0\t00000080\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0
            eth1\t\(server)\t010200C0\t0007\t0\t0\t0\tFFFFFFFF\t0\t0\t0

            """)
        let idle: HostVerdict = isServer ? .free : .unknown
        #expect(try tree.verdicts() == [idle, .critical, idle, idle])
    }

    /// `proc/net/fib_trie` tells of tables that are not here, and not of the interfaces in them.
    @Test(arguments: [(51820, "wg0"), (52, "tailscale0"), (100, "wg0")])
    func `in a table that is known to be the tunnel's leaves idle cards alone`(_ table: Int, _ name: String) throws {
        let tree = try SampleTree.withFourCards()
        if name == "wg0" { try tree.links(["wg0 kind=wireguard"]) } else { try tree.tun(name, isEthernet: false) }
        try tree.defaultRoute(by: "eth1")
        try tree.file(
            "proc/net/fib_trie",
            "Id \(table):\n  +-- 0.0.0.0/0 0 0 0\n     |-- 0.0.0.0\n        /0 universe UNICAST\nMain:\n")
        let idle: HostVerdict = table == 100 ? .unknown : .free
        #expect(try tree.verdicts() == [idle, .critical, idle, idle])
    }

    @Test func `whose lower interface is in another namespace is in doubt`() throws {
        let tree = try tree("x0 kind=macvlan elsewhere")
        #expect(try tree.verdicts() == [.inUse, .inUse, .unknown, .unknown])
    }
}

@Suite struct `A default route by PPPoE` {
    private func tree() throws -> SampleTree {
        let tree = try SampleTree.withFourCards()
        try tree.interface("ppp0")
        try tree.defaultRoute(by: "ppp0")
        return tree
    }

    @Test(.requirements("V10")) func `stands on the port that it was dialled over, and on no other`() throws {
        let tree = try tree()
        try tree.pppoe(["eth1"])
        #expect(try tree.verdicts() == [.free, .critical, .free, .free])
        #expect(try tree.chains("01:00.0") == [["ppp0", "eth1", "0000:01:00.0"]])
    }

    @Test(arguments: ["link", "table", "name"]) func `may be dialled over a VLAN`(_ evidence: String) throws {
        let tree = try tree()
        let name = evidence == "name" ? "eth1.7" : "vlan7"
        try tree.interface(name, lower: evidence == "link" ? ["eth1"] : [])
        try tree.pppoe([name])
        if evidence == "table" {
            try tree.file("proc/net/vlan/config", "VLAN Dev name    | VLAN ID\nvlan7          | 7  | eth1\n")
        }
        #expect(try tree.verdicts() == [.free, .critical, .free, .free])
        #expect(try tree.chains("01:00.0") == [["ppp0", name, "eth1", "0000:01:00.0"]])
    }

    @Test func `that does not say its port keeps every port with a link`() throws {
        let tree = try tree()
        try tree.unplug(2)
        #expect(try tree.verdicts() == [.unknown, .unknown, .free, .unknown])
        #expect(try tree.uses("01:00.0").first?.words == "default route could not be traced")
    }

    @Test func `is one of several connections, of which each has its port`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.routes(["4 254 00000000 0 0 eth0"])
        try tree.pppoe(["eth2"])
        #expect(try tree.verdicts() == [.critical, .free, .inUse, .free])
        #expect(try tree.chains("02:00.0", .networkMember) == [["PPPoE connection", "eth2", "0000:02:00.0"]])
    }

    /// eth0 has a network of the host's own, the others have a link only.
    private func dialled(_ more: [String] = []) throws -> SampleTree {
        let tree = try SampleTree.withFourCards()
        try tree.links(["ppp0 kind=ppp"])
        try tree.routes(["4 254 00000000 0 0 ppp0", "4 254 0a000000 24 0 eth0"] + more)
        return tree
    }

    @Test(.requirements("V10"), arguments: [true, false]) func `that a program makes stands on the port of its socket`(
        _ isAnonymous: Bool
    ) throws {
        let tree = try dialled()
        try tree.packetSockets([("0003", "eth0"), ("88cc", "eth1"), ("8864", "eth2")])
        #expect(try tree.verdicts() == [.inUse, .free, .critical, .free])
        #expect(try tree.chains("02:00.0") == [["ppp0", "eth2", "0000:02:00.0"]])
        let recording = try HostRecording(root: tree.root, isAnonymous: isAnonymous)
        let replay = try Replay(tree: recording.tree, name: "dialled")
        let made = try InventoryReader(root: replay.root).observe().inventory
        #expect(made.functions.map { made.verdict(of: $0.address) } == [.inUse, .free, .critical, .free])
    }

    @Test func `may be made by a program over any port with a link, beside the host's own networks`() throws {
        let tree = try dialled()
        try tree.unplug(3)
        #expect(try tree.verdicts() == [.critical, .unknown, .unknown, .free])
        try tree.routes(["4 254 00000000 0 0 ppp0", "4 254 00000000 0 100 eth0 via"])
        #expect(try tree.verdicts() == [.critical, .unknown, .unknown, .free], "eth0 may be the standby only")
    }

    /// PPTP, L2TP, SSTP
    @Test func `that goes to a server by another route leaves idle ports alone`() throws {
        let tree = try dialled(["4 254 cb007105 32 0 eth1 via"])
        #expect(try tree.verdicts() == [.inUse, .critical, .free, .free])
        let told = try dialled(["4 254 0a010000 16 0 eth1 via"])
        #expect(try told.verdicts() == [.inUse, .critical, .unknown, .unknown])
        try told.packetSockets([("88cc", "eth1")])
        #expect(try told.verdicts() == [.inUse, .critical, .free, .free], "no program has a socket for PPPoE")
    }

    /// 169.254.169.254 and 192.168.1.5, fd00::5, fe80::5
    @Test(arguments: [
        "4 254 a9fea9fe", "4 254 c0a80105", "6 254 fd000000000000000000000000000005",
        "6 254 fe800000000000000000000000000005",
    ]) func `has no server at a private address`(_ route: String) throws {
        let tree = try dialled(["\(route) \(route.hasPrefix("4") ? 32 : 128) 0 eth1 via"])
        #expect(try tree.verdicts() == [.inUse, .critical, .unknown, .unknown])
        let other = try dialled(["6 254 20010db8000000000000000000000005 128 0 eth1 via"])
        #expect(try other.verdicts() == [.inUse, .critical, .free, .free])
    }
}
