import Foundation
import PatchbayCore
import PatchbayHost

/// Interfaces that stand on others, made in a sample tree.
extension SampleTree {
    /// Four cards, `0000:00:00.0` to `0000:03:00.0`, each with a port `eth0` to `eth3` that has a link; no storage.
    static func withFourCards() throws -> SampleTree {
        let tree = try SampleTree()
        try tree.mounts([("/", "tmpfs", "tmpfs")])
        for index in 0..<4 { try tree.card("0000:0\(index):00.0", "eth\(index)") }
        return tree
    }

    /// What the kernel says of virtual interfaces, in the form of a recorded tree: `wg0 kind=wireguard remote=cb007105`.
    /// Makes those interfaces, too.
    func links(_ lines: [String]) throws {
        for line in lines { try interface(String(line.prefix { $0 != " " })) }
        try file("run/patchbay/links", lines.map { "\($0)\n" }.joined())
    }

    /// An interface of tun(4) that carries frames or packets, with or without somebody who has it open.
    func tun(_ name: String, isEthernet: Bool, isOpen: Bool = true) throws {
        try interface(name)
        try file("sys/devices/virtual/net/\(name)/tun_flags", isEthernet ? "0x1002\n" : "0x1001\n")
        try file("sys/devices/virtual/net/\(name)/carrier", isOpen ? "1\n" : "0\n")
    }

    /// A process that has interfaces of tun(4) and nodes open.
    func process(_ pid: Int, _ command: String, behind interfaces: [String], open nodes: [String] = []) throws {
        try process(pid, command, open: interfaces.map { _ in "/dev/net/tun" } + nodes)
        for (index, name) in interfaces.enumerated() {
            try file("proc/\(pid)/fdinfo/\(index)", "pos:\t0\nflags:\t0104002\nmnt_id:\t26\niff:\t\(name)\n")
        }
    }

    func enslave(_ port: Int, to master: String) throws {
        try link("sys/devices/pci0000:00/0000:0\(port):00.0/net/eth\(port)/master", to: "sys/class/net/\(master)")
    }

    func unplug(_ port: Int) throws {
        try file("sys/devices/pci0000:00/0000:0\(port):00.0/net/eth\(port)/carrier", "0\n")
    }

    func pppoe(_ ports: [String]) throws {
        let lines = ports.enumerated().map { "0000000\($0 + 1) 02:00:00:00:53:01    \($1)\n" }
        try file("proc/net/pppoe", "Id       Address              Device\n" + lines.joined())
    }

    /// `proc/net/packet` with a socket for each of these protocols and ports, which get their numbers here.
    func packetSockets(_ sockets: [(protocol: String, port: String)]) throws {
        let lines = try sockets.enumerated().map { index, socket in
            try file("sys/class/net/\(socket.port)/ifindex", "\(index + 2)\n")
            return "0000000000000000 3      3    \(socket.protocol)   \(index + 2)     1 0      0      4711\n"
        }
        try file(
            "proc/net/packet", "sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n" + lines.joined())
    }

    /// Of all functions, in the order of their addresses.
    func verdicts() throws -> [HostVerdict] {
        let inventory = try observe().inventory
        return inventory.functions.map { inventory.verdict(of: $0.address) }
    }

    /// Of all functions, in the order of their addresses: how much the network of the host needs them, whoever else does.
    func networkSeverities() throws -> [HostUse.Severity?] {
        let inventory = try observe().inventory
        return inventory.functions.map { function in
            (inventory.hostUses[function.address] ?? []).filter {
                [.defaultRoute, .route, .networkMember].contains($0.reason)
            }
            .map(\.severity).max()
        }
    }

    /// The chains of the uses for a reason.
    func chains(_ address: String, _ reason: HostUse.Reason = .defaultRoute) throws -> [[String]] {
        try uses(address).filter { $0.reason == reason }.map(\.chain)
    }
}
