import CPatchbayHost
import Testing

/// What is made of the kernel's answers about single interfaces.
@Suite struct `An answer about an interface` {
    /// RTM_NEWLINK: `struct ifinfomsg`, IFLA_IFNAME, IFLA_LINKINFO with IFLA_INFO_KIND and IFLA_INFO_DATA, and others.
    private func link(_ name: String, _ kind: String, data: [UInt8] = [], _ others: [UInt8] = []) -> [UInt8] {
        let info =
            RouteDump.attribute(1, Array(kind.utf8) + [0]) + (data.isEmpty ? [] : RouteDump.attribute(2, data))
        return RouteDump.message(
            16,
            [UInt8](repeating: 0, count: 16) + RouteDump.attribute(3, Array(name.utf8) + [0]) + others
                + RouteDump.attribute(18, info))
    }

    private func line(
        _ messages: [UInt8],
        _ reader: (UnsafeRawPointer?, Int, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int
    ) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        let count = messages.withUnsafeBytes { reader($0.baseAddress, $0.count, &text) }
        defer { pb_free(text) }
        guard count >= 0 else { return nil }
        return text.map { String(decoding: UnsafeRawBufferPointer(start: $0, count: count), as: UTF8.self) } ?? ""
    }

    private func line(_ messages: [UInt8]) -> String? { line(messages) { pb_link_line($0, $1, $2) } }

    /// The numbers of IFLA_IPTUN_REMOTE, IFLA_GRE_REMOTE, IFLA_VTI_REMOTE, IFLA_VXLAN_GROUP, IFLA_GENEVE_REMOTE.
    @Test(arguments: [("ipip", 3), ("sit", 3), ("gre", 7), ("gretap", 7), ("vti", 5), ("vxlan", 2), ("geneve", 2)])
    func `has the other end of a tunnel`(_ kind: String, _ number: UInt16) {
        let data = RouteDump.attribute(number, [203, 0, 113, 5])
        #expect(line(link("t0", kind, data: data)) == "t0 kind=\(kind) remote=cb007105")
        #expect(line(link("t0", kind, data: RouteDump.attribute(number, [0, 0, 0, 0]))) == "t0 kind=\(kind)")
    }

    @Test func `has what a link stands on, if that is in this namespace`() {
        // IFLA_LINK with the loopback interface, IFLA_LINK_NETNSID.
        let below = RouteDump.attribute(5, RouteDump.number(UInt32(1)))
        let elsewhere = RouteDump.attribute(37, RouteDump.number(UInt32(0)))
        #expect(line(link("m0", "macvlan", below)) == "m0 kind=macvlan link=lo")
        #expect(line(link("v0", "veth", below + elsewhere)) == "v0 kind=veth elsewhere")
        #expect(
            line(link("g0", "gre", data: RouteDump.attribute(1, RouteDump.number(UInt32(1))))) == "g0 kind=gre link=lo")
        #expect(
            line(link("red", "vrf", data: RouteDump.attribute(1, RouteDump.number(UInt32(10)))))
                == "red kind=vrf table=10")
    }

    @Test func `says that a program has what comes in`() {
        // IFLA_XDP with IFLA_XDP_ATTACHED.
        func device(_ attached: UInt8) -> [UInt8] {
            let name = RouteDump.attribute(3, Array("eth0".utf8) + [0])
            let program = RouteDump.attribute(43, RouteDump.attribute(2, [attached]))
            return RouteDump.message(16, [UInt8](repeating: 0, count: 16) + name + program)
        }
        #expect(line(device(1)) == "eth0 xdp")
        #expect(line(device(0)) == "eth0")
    }

    @Test func `ends the name of an interface where the attribute ends`() {
        let head = [UInt8](repeating: 0, count: 16)
        let name = RouteDump.attribute(3, Array("eth0".utf8))
        #expect(line(RouteDump.message(16, head + name)) == "eth0")
        let long = RouteDump.attribute(3, Array("enp123456789abcd".utf8))
        #expect(line(RouteDump.message(16, head + long)) == "enp123456789abc")
    }

    @Test func `is none where the kernel knows no such interface`() {
        #expect(line(RouteDump.message(2, RouteDump.number(Int32(-19)) + RouteDump.message(18))) == nil)
    }

    @Test func `of WireGuard has the ends of its peers and no key`() {
        // struct sockaddr_in: AF_INET, port 51820, 203.0.113.5; WGPEER_A_PRESHARED_KEY before it.
        let end = RouteDump.number(UInt16(2)) + [0xca, 0x6c, 203, 0, 113, 5] + [UInt8](repeating: 0, count: 8)
        let peer = RouteDump.attribute(2, [UInt8](repeating: 0xee, count: 32)) + RouteDump.attribute(4, end)
        let silent = RouteDump.attribute(1, [UInt8](repeating: 1, count: 32))
        let peers = RouteDump.attribute(0x8000, peer) + RouteDump.attribute(0x8000, silent)
        // struct genlmsghdr, WGDEVICE_A_PRIVATE_KEY, WGDEVICE_A_PEERS.
        let device =
            [0, 1, 0, 0] + RouteDump.attribute(3, [UInt8](repeating: 0xee, count: 32))
            + RouteDump.attribute(0x8008, peers)
        let text = line(RouteDump.message(40, device) + RouteDump.message(3)) { pb_wireguard_line($0, $1, $2) }
        #expect(text == " remote=cb007105")
    }
}
