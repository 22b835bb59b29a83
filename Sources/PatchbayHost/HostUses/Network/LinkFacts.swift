import CPatchbayHost
import PatchbayCore

/// What the kernel tells of a virtual network interface beside what sysfs shows of it.
struct LinkFacts: Equatable {
    /// `wireguard`, `vxlan`, `veth`; nil: not told.
    var kind: String?
    /// The interface that it leaves by where that is fixed, or the other end of a pair.
    var link: String?
    /// That one is in another network namespace.
    var isLinkElsewhere = false
    /// Where a tunnel ends. Empty: not told, or anywhere.
    var remotes: [IPAddress] = []
    /// A program sees its packets before the host's own network does (XDP).
    var hasProgram = false
    /// The routing table of a VRF.
    var table: UInt32?

    /// How it comes from such an interface to hardware.
    enum Role: Equatable {
        /// Not at all: what is sent there is dropped, or stays on the host.
        case nowhere
        /// By a connection that pppd or its like made.
        case dialled
        /// In packets of the host's own, which the routes take further.
        case tunnel
        /// By a program that has it open (tun(4)).
        case program
        /// By the other end of a pair.
        case pair
        /// By the routes of its own table.
        case routes
        /// By a port of Open vSwitch in the kernel.
        case datapath
        /// By the interfaces below.
        case stack
        case untold
    }

    var role: Role {
        guard let kind else { return .untold }
        return Self.roles[kind] ?? .stack
    }

    private static let roles: [String: Role] = {
        let tunnels = [
            "ipip", "sit", "ip6tnl", "gre", "gretap", "erspan", "ip6gre", "ip6gretap", "ip6erspan", "vti", "vti6",
            "vxlan",
            "geneve", "bareudp", "xfrm", "wireguard", "ovpn", "ovpn-dco", "amt", "gtp", "l2tpeth",
        ]
        let named: [String: Role] = [
            "dummy": .nowhere, "ifb": .nowhere, "nlmon": .nowhere, "loopback": .nowhere, "vsockmon": .nowhere,
            "ppp": .dialled, "tun": .program, "veth": .pair, "netkit": .pair, "vrf": .routes, "openvswitch": .datapath,
        ]
        return named.merging(tunnels.map { ($0, Role.tunnel) }) { own, _ in own }
    }()

    /// Several members carry the same, so that one may go.
    var coversForMembers: Bool? { kind.map { ["bond", "team", "hsr"].contains($0) } }
}

extension LinkFacts {
    /// A line of `pb_link`: `wg0 kind=wireguard remote=c0000201`.
    init?(line: Substring) {
        let words = line.split(separator: " ")
        guard words.count >= 1 else { return nil }
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1)
            switch (parts[0], parts.count > 1 ? parts[1] : "") {
            case ("kind", let value): kind = String(value)
            case ("link", let value): link = String(value)
            case ("elsewhere", _): isLinkElsewhere = true
            case ("xdp", _): hasProgram = true
            case ("table", let value): table = UInt32(value)
            case ("remote", let value):
                if let address = IPAddress(hexadecimal: value).flatMap({ IPAddress(bytes: $0.bytes) }) {
                    remotes.append(address)
                }
            default: continue
            }
        }
    }
}

/// The facts of each interface, asked for once and only where they are needed: by rtnetlink on a live host, from its file
/// in a recording, and from what sysfs shows where neither tells.
final class NetworkLinks {
    private let tree: HostTree
    private var known: [String: LinkFacts] = [:]

    init(tree: HostTree) { self.tree = tree }

    func facts(of name: String) -> LinkFacts {
        if let known = known[name] { return known }
        var facts = told(of: name) ?? LinkFacts()
        if facts.kind == nil { facts.kind = shownKind(of: name) }
        known[name] = facts
        return facts
    }

    private func told(of name: String) -> LinkFacts? {
        tree.isLive ? Self.line(of: name, in: tree).flatMap { LinkFacts(line: $0[...]) } : recorded[name]
    }

    private lazy var recorded: [String: LinkFacts] = {
        let lines = (tree.text(SysfsPath.recordedLinks) ?? "").split(separator: "\n")
        let pairs = lines.compactMap { line in LinkFacts(line: line).map { (String(line.prefix { $0 != " " }), $0) } }
        return Dictionary(pairs) { first, _ in first }
    }()

    private static func line(of name: String, in tree: HostTree) -> String? {
        NetlinkText.answer(in: tree) { pb_link(name, &$0) }
    }

    /// What `SysfsPath.recordedLinks` holds for this host.
    static func recordedText(in tree: HostTree) -> String? {
        guard tree.isLive else { return tree.text(SysfsPath.recordedLinks) }
        let links = NetworkLinks(tree: tree)
        let lines = (tree.names(SysfsPath.virtualInterfaces) ?? []).compactMap { name -> String? in
            guard let line = line(of: name, in: tree), !line.isEmpty else { return nil }
            let shown = line.contains(" kind=") ? nil : links.shownKind(of: name)
            return line + (shown.map { " kind=\($0)" } ?? "") + "\n"
        }
        return (lines + programs(on: links, in: tree)).joined()
    }

    /// Of devices only those are kept that have a program.
    private static func programs(on links: NetworkLinks, in tree: HostTree) -> [String] {
        let interfaces = NetworkInterfaces(tree: tree)
        let working = interfaces.names.filter { interfaces.isHardware($0) == true && interfaces.isWorking($0) }
        return working.filter { links.facts(of: $0).hasProgram }.map { "\($0) xdp\n" }
    }
}

extension NetworkLinks {
    /// The kind by what sysfs has: the driver's word (`DEVTYPE`), what a tun(4) shows, the hardware type; and last the name
    /// that the kernel or the usual programs give.
    private func shownKind(of name: String) -> String? {
        let directory = SysfsPath.netInterface(name)
        if name == "lo" { return "loopback" }
        if tree.exists("\(directory)/\(SysfsPath.Interface.tunFlags)") { return "tun" }
        let event = tree.text("\(directory)/\(SysfsPath.Interface.event)") ?? ""
        if let line = event.split(separator: "\n").first(where: { $0.hasPrefix("DEVTYPE=") }) {
            return String(line.dropFirst("DEVTYPE=".count))
        }
        if let type = tree.line("\(directory)/\(SysfsPath.Interface.hardwareType)"), let kind = Self.kinds[type] {
            return kind
        }
        return Self.names.first { name.hasPrefix($0.prefix) && name.dropFirst($0.prefix.count).allSatisfy(\.isNumber) }?
            .kind
    }

    /// ARPHRD_* of `include/uapi/linux/if_arp.h`. A link without any header that no program has open is WireGuard's.
    private static let kinds = [
        "512": "ppp", "768": "ipip", "769": "ip6tnl", "772": "loopback", "776": "sit", "778": "gre", "823": "ip6gre",
        "65534": "wireguard",
    ]

    private static let names: [(prefix: String, kind: String)] = [
        ("ppp", "ppp"), ("wg", "wireguard"), ("tun", "tun"), ("tap", "tun"), ("dummy", "dummy"), ("ifb", "ifb"),
        ("vxlan", "vxlan"), ("geneve", "geneve"), ("gre", "gre"), ("gretap", "gretap"), ("sit", "sit"),
        ("ipip", "ipip"),
        ("tunl", "ipip"), ("vti", "vti"), ("xfrm", "xfrm"),
    ]
}
