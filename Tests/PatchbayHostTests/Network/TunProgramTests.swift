import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

/// Interfaces of tun(4): what is behind them is a program.
@Suite struct `A default route by a program` {
    /// `eth0` and `eth1`, and two functions that are on vfio-pci in groups 45 and 46.
    private func tree() throws -> SampleTree {
        let tree = try SampleTree()
        try tree.mounts([("/", "tmpfs", "tmpfs")])
        for index in 0..<2 { try tree.card("0000:0\(index):00.0", "eth\(index)") }
        for index in 0..<2 {
            try tree.function(
                "0000:1a:00.\(index)", id: "8086:1572", deviceClass: "020000", driver: "vfio-pci", group: 45 + index)
        }
        return tree
    }

    /// Open vSwitch in user space: its bridge and its datapath are interfaces of tun(4).
    private func withSwitch() throws -> SampleTree {
        let tree = try tree()
        for name in ["br-ex", "ovs-netdev"] { try tree.tun(name, isEthernet: true) }
        try tree.defaultRoute(by: "br-ex")
        try tree.unplug(0)
        return tree
    }

    @Test(.requirements("V10")) func `that is not told keeps ports with a link and what programs may drive`() throws {
        let tree = try withSwitch()
        #expect(try tree.networkSeverities() == [nil, .unknown, .unknown, .unknown])
        #expect(try tree.chains("1a:00.0") == [["br-ex", "0000:1a:00.0"]])
    }

    @Test(.requirements("V10"), arguments: [true, false]) func `stands on the cards that it drives`(
        _ saysInterface: Bool
    ) throws {
        let tree = try withSwitch()
        try tree.process(
            812, "ovs-vswitchd", behind: saysInterface ? ["br-ex"] : [], open: ["/dev/vfio/vfio", "/dev/vfio/45"])
        #expect(try tree.networkSeverities() == [nil, nil, .critical, nil], "nobody drives the other one")
        #expect(try tree.chains("1a:00.0") == [["br-ex", "ovs-vswitchd", "0000:1a:00.0"]])
    }

    @Test func `leaves alone what no program drives, or a guest`() throws {
        let tree = try withSwitch()
        try tree.process(90, "qemu-system-x86", open: ["/dev/vfio/46"])
        #expect(try tree.networkSeverities() == [nil, .unknown, nil, nil])
    }

    @Test func `of a guest that has a card stands on that card`() throws {
        let tree = try tree()
        try tree.links(["br0 kind=bridge"])
        try tree.tun("vnet0", isEthernet: true)
        try tree.link("sys/devices/virtual/net/br0/brif/vnet0", to: "sys/class/net/vnet0")
        try tree.process(90, "qemu-system-x86", behind: ["vnet0"], open: ["/dev/vfio/46"])
        try tree.routes(["4 254 00000000 0 0 br0 via"])
        #expect(try tree.networkSeverities() == [nil, nil, nil, .critical])
        try tree.routes(["4 254 00000000 0 0 eth0", "4 254 0a000000 24 0 br0"])
        #expect(try tree.networkSeverities() == [.critical, nil, nil, nil], "a network of guests is no way out")
    }

    /// A router with a LAN on a bridge without any card, and its WAN on a bridge with eth1 or right on it.
    @Test(.requirements("V10"), arguments: ["tap", "macvtap"]) func `of a guest leaves by the guest's other interface`(
        _ kind: String
    ) throws {
        let tree = try tree()
        try tree.links(["vmbr0 kind=bridge"])
        try tree.tun("tap100i0", isEthernet: true)
        try tree.link("sys/devices/virtual/net/vmbr0/brif/tap100i0", to: "sys/class/net/tap100i0")
        try tree.link("sys/devices/virtual/net/tap100i0/master", to: "sys/class/net/vmbr0")
        if kind == "tap" {
            try tree.tun("tap100i1", isEthernet: true)
            try tree.interface("vmbr1")
            for port in ["tap100i1", "eth1"] {
                try tree.link("sys/devices/virtual/net/vmbr1/brif/\(port)", to: "sys/class/net/\(port)")
            }
            try tree.link("sys/devices/virtual/net/tap100i1/master", to: "sys/class/net/vmbr1")
            try tree.enslave(1, to: "vmbr1")
            try tree.process(90, "kvm", behind: ["tap100i0", "tap100i1"], open: ["/dev/kvm"])
        } else {
            try tree.interface("macvtap0", lower: ["eth1"])
            try tree.file("sys/class/net/macvtap0/ifindex", "9\n")
            try tree.process(90, "kvm", behind: ["tap100i0"], open: ["/dev/kvm", "/dev/tap9"])
        }
        try tree.routes(["4 254 00000000 0 0 vmbr0 via"])
        #expect(try tree.networkSeverities() == [nil, .critical, nil, nil])
        let last = kind == "tap" ? ["tap100i1", "vmbr1"] : ["macvtap0"]
        #expect(try tree.chains("01:00.0") == [["vmbr0", "tap100i0", "kvm"] + last + ["eth1", "0000:01:00.0"]])
    }

    /// A bridge `vmbr0` with the default route, and an interface of a guest as its only port.
    private func withGuest(_ links: [String] = []) throws -> SampleTree {
        let tree = try tree()
        try tree.links(["vmbr0 kind=bridge"] + links)
        try tree.tun("tap100i0", isEthernet: true)
        try tree.link("sys/devices/virtual/net/vmbr0/brif/tap100i0", to: "sys/class/net/tap100i0")
        try tree.link("sys/devices/virtual/net/tap100i0/master", to: "sys/class/net/vmbr0")
        try tree.routes(["4 254 00000000 0 0 vmbr0 via"])
        return tree
    }

    @Test func `of a guest does not stand on what the guest has beside network cards`() throws {
        let tree = try withGuest()
        try tree.function("0000:41:00.0", driver: "vfio-pci", group: 60)
        try tree.process(90, "kvm", behind: ["tap100i0"], open: ["/dev/kvm", "/dev/vfio/60"])
        #expect(try tree.networkSeverities() == [.unknown, .unknown, nil, nil, nil])
        try tree.routes(["4 254 00000000 0 0 vmbr0 via", "4 254 00000000 0 100 eth0 via"])
        #expect(try tree.networkSeverities() == [.critical, .unknown, nil, nil, nil])
    }

    /// An interface that has no name here is in another namespace; on `vmbr2` a container is the only other port. The way by
    /// eth1 is one of several then.
    @Test(arguments: ["/dev/tap9", "tap100i9", "tap100i2"])
    func `of a guest is in doubt where one of the guest's interfaces cannot be followed`(_ other: String) throws {
        let tree = try withGuest(["v0 kind=veth elsewhere"])
        try tree.interface("macvtap0", lower: ["eth1"])
        try tree.file("sys/class/net/macvtap0/ifindex", "8\n")
        try tree.tun("tap100i2", isEthernet: true)
        try tree.interface("vmbr2")
        for port in ["tap100i2", "v0"] {
            try tree.link("sys/devices/virtual/net/vmbr2/brif/\(port)", to: "sys/class/net/\(port)")
            try tree.link("sys/devices/virtual/net/\(port)/master", to: "sys/class/net/vmbr2")
        }
        let isNode = other.hasPrefix("/")
        try tree.process(
            90, "kvm", behind: ["tap100i0"] + (isNode ? [] : [other]),
            open: ["/dev/kvm", "/dev/tap8"] + (isNode ? [other] : []))
        #expect(try tree.networkSeverities() == [.unknown, .critical, nil, nil])
    }

    /// OpenVPN, tailscale, an address translator: packets that go out as any program's do.
    @Test(arguments: ["tun0", "tailscale0", "clat"]) func `that sends packets goes by the other routes`(_ name: String)
        throws
    {
        let tree = try tree()
        try tree.tun(name, isEthernet: false)
        let zero = String(repeating: "0", count: 32)
        try tree.routes(["4 254 00000000 1 0 \(name)", "4 254 80000000 1 0 \(name)", "6 254 \(zero) 0 1024 eth0 via"])
        #expect(try tree.networkSeverities() == [.critical, nil, nil, nil])
        #expect(try tree.chains("00:00.0").contains([name, "an unknown endpoint", "eth0", "0000:00:00.0"]))
    }

    @Test func `that sends packets and has no other route keeps every card that it may go by`() throws {
        let tree = try tree()
        try tree.tun("tun0", isEthernet: false)
        try tree.routes(["4 254 00000000 0 0 tun0"])
        #expect(try tree.networkSeverities() == [.unknown, .unknown, .unknown, .unknown])
        try tree.process(7, "vpp", behind: ["tun0"], open: ["/dev/vfio/46"])
        #expect(try tree.networkSeverities() == [nil, nil, nil, .critical])
    }

    @Test func `that dials over a modem stands on what the modem is plugged into`() throws {
        let tree = try tree()
        try tree.interface("ppp0")
        try tree.defaultRoute(by: "ppp0")
        let controller = try tree.function("0000:20:00.0", deviceClass: "0c0330", driver: "xhci_hcd")
        let modem = try tree.usb("1-3", below: controller, id: "12d1:1506")
        try tree.link("sys/class/tty/ttyUSB0", to: "\(modem)/1-3:1.0/ttyUSB0/tty/ttyUSB0")
        try tree.process(77, "pppd", open: ["/dev/ppp", "/dev/ttyUSB0"])
        try tree.process(78, "agetty", open: ["/dev/ttyUSB0"])
        #expect(try tree.networkSeverities() == [nil, nil, nil, nil, .critical])
        let chain = ["ppp0", "pppd", "/dev/ttyUSB0", "USB 1-3", "0000:20:00.0"]
        #expect(try tree.chains("20:00.0") == [chain])
    }

    @Test func `that nobody has open leads nowhere`() throws {
        let tree = try tree()
        try tree.tun("tap0", isEthernet: true, isOpen: false)
        try tree.routes(["4 254 00000000 0 0 tap0"])
        #expect(try tree.networkSeverities() == [nil, nil, nil, nil])
    }

    @Test func `of frames goes by the other routes where the program drives no card`() throws {
        let tree = try tree()
        try tree.tun("tap0", isEthernet: true)
        try tree.process(7, "openvpn", behind: ["tap0"])
        try tree.routes(["4 254 00000000 1 0 tap0", "4 254 80000000 1 0 tap0", "4 254 00000000 0 0 eth1 via"])
        #expect(try tree.networkSeverities() == [nil, .critical, nil, nil])
    }
}
