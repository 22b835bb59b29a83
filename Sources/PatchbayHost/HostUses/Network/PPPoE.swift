/// The ports that connections of PPPoE go over. Nothing tells which interface stands for which connection.
struct PPPoE {
    /// Sorted, each once.
    let ports: [String]
    /// There is no connection beside these: those that programs make are told, too.
    let isEveryPortTold: Bool

    /// A line of `proc/net/pppoe` is a connection of the kernel with its port: `00000001 02:00:00:00:53:01 eth1`. A program
    /// (`pppd pty "pppoe -I eth1"`) has a socket for the frames of the session, which `proc/net/packet` lists with the number
    /// of its interface: `0000000000000000 3      3    8864   2     1 0      0      12345`.
    init(_ tree: HostTree, _ interfaces: NetworkInterfaces) {
        let kernels = Self.rows(tree.first(of: SysfsPath.pppoe)).filter { $0.count >= 3 }.map { String($0[2]) }
        let sockets = tree.first(of: SysfsPath.packetSockets)
        let programs = Self.rows(sockets).filter { $0.count >= 5 && $0[3] == Self.session }
            .compactMap { interfaces.name(ofNumber: String($0[4])) }
        ports = Set(kernels + programs).sorted()
        isEveryPortTold = sockets != nil
    }

    /// ETH_P_PPP_SES of `include/uapi/linux/if_ether.h`.
    static let session = "8864"

    private static func rows(_ text: String?) -> [[Substring]] {
        (text ?? "").split(separator: "\n").map { $0.split { $0 == " " || $0 == "\t" } }.filter {
            $0.first != "Id" && $0.first != "sk"
        }
    }
}
