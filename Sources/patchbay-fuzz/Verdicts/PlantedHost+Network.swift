/// Ways out of the host, and what its own network is made of.
enum RouteUse: String, CaseIterable {
    case defaultRoute = "default route", stack = "default route through bonds, bridges, VLANs and macvlans"
    case pppoe = "default route through PPPoE", wireguard = "default route through WireGuard"
    case tunnel = "default route through a tunnel", vrf = "member of a VRF", openvSwitch = "member of Open vSwitch"
    case userSpaceSwitch = "Open vSwitch in user space", bridgeMember = "member of a bridge", localRoute =
        "route to a network"
    case fileServer = "way to a file server"
}

extension PlantedHost {
    /// A network interface.
    struct Interface {
        var name: String
        var path: String
        /// On which hardware it is.
        var card: Card
        var address: String
        var index: Int
        /// The second part of its network, 10.N.0.0/16.
        var net: Int
    }

    mutating func plant(_ use: RouteUse) {
        switch use {
        case .defaultRoute: routeOut(by: interface(isUp: true))
        case .stack: routeOut(by: networkStack())
        case .pppoe: plantPPPoE()
        case .wireguard: plantWireGuard()
        case .tunnel: plantTunnel()
        case .vrf:
            let member = interface(isUp: true)
            _ = master("vrf", over: [member])
            need(member.card)
        case .openvSwitch: plantOpenvSwitch()
        case .userSpaceSwitch: plantUserSpaceSwitch()
        case .bridgeMember:
            let member = interface(isUp: true)
            _ = master("br", over: [member])
            need(member.card)
        case .localRoute:
            let interface = interface(isUp: true)
            route(to: interface, by: interface)
            need(interface.card)
        case .fileServer:
            let interface = interface(isUp: true)
            route(to: interface, by: interface)
            let server = "10.\(interface.net).0.9"
            mountLine(
                "0:\(50 + next("anonymous"))", "nfs4", "\(server):/export",
                options: "rw,vers=4.2,proto=tcp,addr=\(server)")
            need(interface.card)
        }
    }

    // MARK: Interfaces

    mutating func interface(isUp: Bool) -> Interface {
        let (id, driver) = dice.pick([("8086:1572", "i40e"), ("15b3:1016", "mlx5_core"), ("14e4:165f", "tg3")])
        return interface(on: card(id, "020000", driver: driver), isUp: isUp)
    }

    mutating func interface(on card: Card, at path: String? = nil, name: String? = nil, isUp: Bool) -> Interface {
        let name = name ?? "eth\(next("eth"))"
        let interface = interface(name, at: "\(path ?? card.path)/net/\(name)", card, isUp: isUp, type: 1)
        link("\(interface.path)/device", to: path ?? card.path)
        return interface
    }

    /// - Parameters:
    ///   - type: of hardware, as `linux/if_arp.h` counts: 1 Ethernet, 512 PPP, 778 GRE, 65534 none.
    ///   - lower: the index of what it stands on; nil: on nothing.
    private mutating func interface(
        _ name: String, at path: String, _ card: Card, isUp: Bool, type: Int, lower: Int? = nil
    ) -> Interface {
        let index = next("ifindex") + 2
        let address = "02:00:00:00:\(Self.hex(index / 256)):\(Self.hex(index % 256))"
        attributes(
            path,
            "addr_assign_type=0\naddress=\(address)\ncarrier=\(isUp ? 1 : 0)\ndev_port=0\noperstate=\(isUp ? "up" : "down")\n"
                + "type=\(type)\nifindex=\(index)\niflink=\(lower ?? index)\nflags=0x1003\nmtu=1500")
        link("sys/class/net/\(name)", to: path)
        return Interface(
            name: name, path: path, card: card, address: address, index: index, net: index % 250 + 1)
    }

    /// An interface of the kernel's own.
    private mutating func virtual(
        _ name: String, like lower: Interface, type: Int = 1, isLinked: Bool = false
    ) -> Interface {
        interface(
            name, at: "sys/devices/virtual/net/\(name)", lower.card, isUp: true, type: type,
            lower: isLinked ? lower.index : nil)
    }

    private mutating func stand(_ upper: Interface, on lower: Interface) {
        link("\(lower.path)/upper_\(upper.name)", to: upper.path)
        link("\(upper.path)/lower_\(lower.name)", to: lower.path)
    }

    /// A bond, bridge, team, VRF or switch with its members.
    private mutating func master(_ kind: String, over members: [Interface]) -> Interface {
        let name = kind.hasSuffix("-system") ? kind : "\(kind)\(next(kind))"
        let upper = virtual(name, like: members[0])
        for member in members {
            stand(upper, on: member)
            link("\(member.path)/master", to: upper.path)
        }
        switch kind {
        case "bond":
            let names = members.map(\.name)
            attributes(
                "\(upper.path)/bonding",
                "slaves=\(names.joined(separator: " "))\nmode=active-backup 1\nactive_slave=\(names[0])\nmii_status=up")
        case "br":
            attributes("\(upper.path)/bridge", "stp_state=0")
            for member in members {
                attributes("\(member.path)/brport", "state=3")
                link("\(upper.path)/brif/\(member.name)", to: "\(member.path)/brport")
            }
        default: break
        }
        return upper
    }

    /// One to three layers on one or two interfaces, each with the hardware below it.
    private mutating func networkStack() -> Interface {
        var top = interface(isUp: true)
        for _ in 0...dice.below(3) {
            switch dice.below(5) {
            case 0:
                let second = interface(isUp: true)
                need(second.card)
                top = master(dice.pick(["bond", "team"]), over: [top, second])
            case 1: top = master("br", over: [top])
            case 2:
                let vlan = virtual("vlan\(next("vlan"))", like: top, isLinked: true)
                if !hasLines(Self.vlans) {
                    line(Self.vlans, "VLAN Dev name    | VLAN ID\nName-Type: VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD")
                }
                line(Self.vlans, "\(vlan.name)          | 7  | \(top.name)")
                stand(vlan, on: top)
                top = vlan
            default:
                let upper = virtual("\(dice.pick(["macvlan", "ipvlan"]))\(next("macvlan"))", like: top, isLinked: true)
                stand(upper, on: top)
                top = upper
            }
        }
        return top
    }

    private static let vlans = "proc/net/vlan/config"

    // MARK: Routes

    /// As `fib_route_seq_show` and `rt6_info_route` print them.
    mutating func routeOut(by interface: Interface) {
        need(interface.card)
        let number = next("default route")
        if chance(1, in: 4) {
            line(
                Self.routes6,
                "\(Self.zeros) 00 \(Self.zeros) 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003"
                    + "     \(interface.name)")
        } else {
            route(to: interface, by: interface)
            let net = Self.hex(interface.net).uppercased()
            line(
                Self.routes,
                "\(interface.name)\t00000000\t0100\(net)0A\t0003\t0\t0\t\(100 + number)\t00000000\t0\t0\t0")
        }
    }

    /// A network that is reached without a gateway.
    mutating func route(to network: Interface, by interface: Interface) {
        let net = Self.hex(network.net).uppercased()
        line(Self.routes, "\(interface.name)\t0000\(net)0A\t00000000\t0001\t0\t0\t100\t0000FFFF\t0\t0\t0")
    }

    static let routes = "proc/net/route"
    static let routes6 = "proc/net/ipv6_route"
    static let zeros = String(repeating: "0", count: 32)

    /// A route without a gateway, as those of links with one other end.
    private mutating func pointRoute(by name: String) {
        line(Self.routes, "\(name)\t00000000\t00000000\t0001\t0\t0\t\(next("default route"))\t00000000\t0\t0\t0")
    }

    // MARK: Ways out that are no ordinary route

    /// `pppoe_seq_show` names the port of each session.
    private mutating func plantPPPoE() {
        let port = interface(isUp: true)
        if !hasLines("proc/net/pppoe") { line("proc/net/pppoe", "Id       Address              Device") }
        let session = Self.hex(next("session") + 1, 8).uppercased()
        line("proc/net/pppoe", "\(session) 02:00:00:00:53:01 \(port.name.count > 8 ? port.name : "   \(port.name)")")
        let link = virtual("ppp\(next("ppp"))", like: port, type: 512)
        pointRoute(by: link.name)
        need(port.card)
    }

    /// Its endpoint is told by netlink alone; a host route leads there.
    private mutating func plantWireGuard() {
        let port = interface(isUp: true)
        route(to: port, by: port)
        let net = Self.hex(port.net).uppercased()
        line(
            Self.routes, "\(port.name)\t05\(net)00CB\t0100\(net)0A\t0007\t0\t0\t0\tFFFFFFFF\t0\t0\t0")
        let tunnel = virtual("wg\(next("wg"))", like: port, type: 65534)
        attributes("sys/devices/virtual/net/\(tunnel.name)", "uevent=DEVTYPE=wireguard")
        pointRoute(by: tunnel.name)
        need(port.card)
        loseTheWayOut()
    }

    /// A tunnel that is tied to an interface: `iflink`, and for VXLAN the link to what is below it, too.
    private mutating func plantTunnel() {
        let port = interface(isUp: true)
        route(to: port, by: port)
        let isVXLAN = chance(1, in: 2)
        let tunnel = virtual(
            "\(isVXLAN ? "vxlan" : "gre")\(next("tunnel") + 1)", like: port, type: isVXLAN ? 1 : 778, isLinked: true)
        if isVXLAN { stand(tunnel, on: port) }
        pointRoute(by: tunnel.name)
        need(port.card)
    }

    /// Ports have `ovs-system` as their master; the bridge's own interface stands on nothing.
    private mutating func plantOpenvSwitch() {
        let port = interface(isUp: true)
        if count("ovs-system") == 0 {
            _ = master("ovs-system", over: [port])
        } else {
            link("\(port.path)/master", to: "sys/devices/virtual/net/ovs-system")
            link("\(port.path)/upper_ovs-system", to: "sys/devices/virtual/net/ovs-system")
            link("sys/devices/virtual/net/ovs-system/lower_\(port.name)", to: port.path)
        }
        _ = next("ovs-system")
        let bridge = virtual("br-ex\(next("ovs bridge"))", like: port)
        routeOut(by: bridge)
        loseTheWayOut()
    }

    /// The ports are on vfio-pci, the default route is a tap of the switch.
    private mutating func plantUserSpaceSwitch() {
        let card = card("8086:1572", "020000", driver: "vfio-pci")
        need(card)
        let number = next("switch")
        for name in ["br-dpdk\(number)", "ovs-netdev\(number)"] {
            let path = "sys/devices/virtual/net/\(name)"
            let tap = interface(name, at: path, card, isUp: true, type: 1)
            attributes(path, "tun_flags=0x1002")
            if name.hasPrefix("br") { routeOut(by: tap) }
        }
        process("ovs-vswitchd", unit: "ovs-vswitchd.service", open: ["/dev/vfio/vfio", "/dev/vfio/\(card.group)"])
        loseTheWayOut()
    }
}
