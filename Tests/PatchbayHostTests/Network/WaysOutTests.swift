import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `The way out of a host` {
    @Test(arguments: ["batadv", "vrf"]) func `needs every member of what does not stand in for the others`(
        _ kind: String
    ) throws {
        let tree = try SampleTree.withFourCards()
        try tree.links(["x0 kind=\(kind)"])
        for port in ["eth0", "eth1"] {
            try tree.link("sys/devices/virtual/net/x0/lower_\(port)", to: "sys/class/net/\(port)")
        }
        try tree.routes(["4 254 00000000 0 0 x0"])
        #expect(try tree.verdicts() == [.critical, .critical, .free, .free])
    }

    @Test(arguments: ["team", "bond", "hsr"]) func `may lose a member of a team while another works`(_ kind: String)
        throws
    {
        let tree = try SampleTree.withFourCards()
        try tree.links(["x0 kind=\(kind)"])
        for port in ["eth0", "eth1"] {
            try tree.link("sys/devices/virtual/net/x0/lower_\(port)", to: "sys/class/net/\(port)")
        }
        try tree.routes(["4 254 00000000 0 0 x0"])
        #expect(try tree.verdicts() == [.inUse, .inUse, .free, .free])
        try tree.unplug(1)
        #expect(try tree.verdicts().first == .critical)
    }

    @Test(arguments: ["macvlan", "macvtap", "ipvlan", "macsec", "vlan"])
    func `stands on the interface below`(_ kind: String) throws {
        let tree = try SampleTree.withFourCards()
        try tree.links(["x0 kind=\(kind)"])
        try tree.link("sys/devices/virtual/net/x0/lower_eth2", to: "sys/class/net/eth2")
        try tree.routes(["4 254 00000000 0 0 x0"])
        #expect(try tree.verdicts() == [.free, .free, .critical, .free])
    }

    @Test func `by a VRF is that of its own table`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.links(["red kind=vrf table=10"])
        for port in ["eth0", "eth1"] {
            try tree.link("sys/devices/virtual/net/red/lower_\(port)", to: "sys/class/net/\(port)")
        }
        try tree.routes(["4 254 00000000 0 0 red", "4 10 00000000 0 0 eth1 via"])
        #expect(try tree.verdicts() == [.free, .critical, .free, .free])
        #expect(try tree.chains("01:00.0").contains(["red", "eth1", "0000:01:00.0"]))
    }

    @Test func `leads through a pair into a bridge`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.links(["v0 kind=veth link=v1", "v1 kind=veth link=v0", "br0 kind=bridge"])
        try tree.link("sys/devices/virtual/net/v1/master", to: "sys/class/net/br0")
        for port in ["v1", "eth2"] {
            try tree.link("sys/devices/virtual/net/br0/brif/\(port)", to: "sys/class/net/\(port)")
        }
        try tree.routes(["4 254 00000000 0 0 v0"])
        #expect(try tree.verdicts() == [.free, .free, .critical, .free])
        #expect(try tree.chains("02:00.0") == [["v0", "v1", "br0", "eth2", "0000:02:00.0"]])
    }

    @Test func `by the other end of a pair in a container is in doubt`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.links(["v0 kind=veth elsewhere"])
        try tree.routes(["4 254 00000000 0 0 v0", "4 254 0a000000 24 0 eth1"])
        try tree.unplug(3)
        #expect(try tree.verdicts() == [.unknown, .inUse, .unknown, .free])
        try tree.routes(["4 254 00000000 0 0 eth0", "4 254 0a000000 24 0 v0"])
        #expect(try tree.verdicts() == [.critical, .free, .free, .free], "a container's own network is no way out")
    }

    @Test func `by a bridge is that of its hardware, not of its guests`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.links(["br0 kind=bridge", "v0 kind=veth elsewhere"])
        try tree.tun("vnet0", isEthernet: true)
        for port in ["v0", "vnet0", "eth2"] {
            try tree.link("sys/devices/virtual/net/br0/brif/\(port)", to: "sys/class/net/\(port)")
        }
        try tree.routes(["4 254 00000000 0 0 br0"])
        #expect(try tree.verdicts() == [.free, .free, .critical, .free])
    }

    @Test(arguments: ["dummy", "ifb", "bridge"]) func `that stays on the host needs no card`(_ kind: String) throws {
        let tree = try SampleTree.withFourCards()
        try tree.links(["x0 kind=\(kind)"])
        try tree.routes(["4 254 00000000 0 0 x0"])
        #expect(try tree.verdicts() == [.free, .free, .free, .free])
    }

    @Test func `by hardware that is on no PCI bus needs no card`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.file("sys/devices/qeth/0.0.1000/net/enc1000/carrier", "1\n")
        try tree.link("sys/class/net/enc1000", to: "sys/devices/qeth/0.0.1000/net/enc1000")
        try tree.defaultRoute(by: "enc1000")
        #expect(try tree.verdicts() == [.free, .free, .free, .free])
        #expect(try tree.observe().findings.isEmpty)
    }

    @Test func `by a port of a switch chip is that of the interface that it stands on`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.file("sys/devices/platform/soc/mdio/net/lan1/carrier", "1\n")
        try tree.link("sys/devices/platform/soc/mdio/net/lan1/lower_eth2", to: "sys/class/net/eth2")
        try tree.link("sys/class/net/lan1", to: "sys/devices/platform/soc/mdio/net/lan1")
        try tree.defaultRoute(by: "lan1")
        #expect(try tree.verdicts() == [.free, .free, .critical, .free])
    }

    @Test(arguments: ["gone0", "odd0"]) func `by what nothing explains keeps every port with a link`(_ name: String)
        throws
    {
        let tree = try SampleTree.withFourCards()
        try tree.interface("odd0")
        try tree.unplug(3)
        try tree.routes(["4 254 00000000 0 0 \(name)"])
        #expect(try tree.verdicts() == [.unknown, .unknown, .unknown, .free])
    }

    @Test func `by a bond that is a port of Open vSwitch is that of its members`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.links([
            "ovs-system kind=openvswitch", "br-ex kind=openvswitch", "bond0 kind=bond", "vxlan_sys_4789 kind=vxlan",
        ])
        try tree.file("sys/devices/virtual/net/bond0/bonding/slaves", "eth0 eth1\n")
        for port in ["bond0", "vxlan_sys_4789"] {
            try tree.link("sys/devices/virtual/net/\(port)/master", to: "sys/class/net/ovs-system")
        }
        try tree.routes(["4 254 00000000 0 0 br-ex", "4 254 0a000000 24 0 eth3"])
        #expect(try tree.verdicts() == [.inUse, .inUse, .free, .inUse])
        #expect(try tree.chains("00:00.0") == [["br-ex", "ovs-system", "bond0", "eth0", "0000:00:00.0"]])
        try tree.unplug(1)
        #expect(try tree.verdicts().first == .critical, "the other member has no link")
    }
}

@Suite struct `Routing tables` {
    @Test func `that no rule names carry nothing that is critical`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.routes(["4 254 00000000 0 0 eth0", "4 99 00000000 0 0 eth1"])
        #expect(try tree.verdicts() == [.critical, .critical, .free, .free], "the rules are not told")
        try tree.file("run/patchbay/rules", "4 0 255\n4 32766 254\n4 32767 253\n")
        #expect(try tree.verdicts() == [.critical, .inUse, .free, .free])
        try tree.file("run/patchbay/rules", "4 0 255\n4 100 99\n4 32766 254\n4 32767 253\n")
        #expect(try tree.verdicts() == [.critical, .critical, .free, .free])
        try tree.file("run/patchbay/rules", "4 0 255\n4 1000 l3mdev\n4 32766 254\n")
        #expect(try tree.verdicts() == [.critical, .critical, .free, .free], "VRFs do not say which tables are theirs")
    }

    @Test func `that are only known to have a default route leave in doubt who carries it`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.defaultRoute(by: "eth0")
        try tree.unplug(3)
        let main = "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 0.0.0.0\n        /0 universe UNICAST\n"
        try tree.file("proc/net/fib_trie", main + "Local:\n  |-- 0.0.0.0\n     /0 host LOCAL\n")
        #expect(try tree.verdicts() == [.critical, .free, .free, .free])
        let other =
            "Id 100:\n  |-- 192.0.2.0\n     /24 link UNICAST\nId 51820:\n  |-- 0.0.0.0\n     /0 universe UNICAST\n"
        try tree.file("proc/net/fib_trie", other + main)
        #expect(try tree.verdicts() == [.critical, .unknown, .unknown, .free])
        #expect(try tree.chains("01:00.0") == [["default route of table 51820", "eth1", "0000:01:00.0"]])
        try tree.routes(["4 254 00000000 0 0 eth0", "4 51820 00000000 0 0 eth0"])
        #expect(try tree.verdicts() == [.critical, .free, .free, .free], "all tables are here")
    }

    @Test func `have a default route for each source`() throws {
        let tree = try SampleTree.withFourCards()
        let zero = String(repeating: "0", count: 32)
        func source(_ digits: String) -> String { digits + String(repeating: "0", count: 32 - digits.count) }
        try tree.routes([
            "6 254 \(zero) 0 100 eth0 via from=\(source("20010db80001"))/48",
            "6 254 \(zero) 0 200 eth1 via from=\(source("20010db80002"))/48", "6 254 \(zero) 0 300 eth2 via",
            "6 254 \(zero) 0 400 eth3 via",
        ])
        #expect(try tree.verdicts() == [.critical, .critical, .critical, .inUse])
        let main = try SampleTree.withFourCards()
        let line = { (source: String, metric: String, name: String) in
            "\(zero) 00 \(source) \(metric) 00000001 00000000 00000003 \(name)\n"
        }
        let hop = "fe800000000000000000000000000001"
        try main.file(
            "proc/1/net/ipv6_route",
            line("\(source("20010db80001")) 30 \(hop)", "00000064", "eth0")
                + line("\(source("20010db80002")) 30 \(hop)", "000000c8", "eth1"))
        #expect(try main.verdicts() == [.critical, .critical, .free, .free])
    }

    @Test func `may have the default route in halves`() throws {
        let tree = try SampleTree.withFourCards()
        try tree.routes(["4 254 00000000 1 0 eth0", "4 254 80000000 1 0 eth0", "4 254 00000000 0 0 eth1 via"])
        #expect(try tree.verdicts() == [.critical, .critical, .free, .free])
        let six = "2" + String(repeating: "0", count: 31)
        try tree.routes(["6 254 \(six) 3 0 eth2 via"])
        #expect(try tree.verdicts() == [.free, .free, .critical, .free])
    }
}
