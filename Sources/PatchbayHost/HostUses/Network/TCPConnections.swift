/// Who is connected to this host, as far as the kernel's socket tables tell.
enum TCPConnections {
    /// The other ends of established connections to one of `ports` of this host. Sorted by text, each once.
    static func peers(ofLocalPorts ports: Set<UInt16>, in tree: HostTree) -> [IPAddress] {
        let lines = [SysfsPath.tcp, SysfsPath.tcp6].flatMap { paths in
            (tree.first(of: paths) ?? "").split(separator: "\n").dropFirst()
        }
        let order = lines.isEmpty ? .little : KernelByteOrder(of: tree)
        let peers = Set(lines.compactMap { peer($0, ports, order) })
        return peers.sorted { $0.description < $1.description }
    }

    /// TCP_ESTABLISHED of `include/net/tcp_states.h`.
    private static let established = "01"

    /// `sl local_address rem_address st …`: addresses as 32-bit words in the byte order of the machine, then a colon
    /// and the port.
    private static func peer(_ line: Substring, _ ports: Set<UInt16>, _ order: KernelByteOrder) -> IPAddress? {
        let fields = line.split(separator: " ", maxSplits: 4)
        guard fields.count > 3, fields[3] == established, let local = end(fields[1], order), ports.contains(local.port),
            let remote = end(fields[2], order)
        else { return nil }
        return remote.address.isLoopback ? nil : remote.address
    }

    private static func end(_ text: Substring, _ order: KernelByteOrder) -> (address: IPAddress, port: UInt16)? {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1], radix: 16),
            let raw = IPAddress(hexadecimal: parts[0])
        else { return nil }
        let words = stride(from: 0, to: raw.bytes.count, by: 4).map { at in
            raw.bytes[at..<(at + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        return IPAddress(bytes: words.flatMap { order.bytes(of: $0) }).map { ($0, port) }
    }
}

extension IPAddress {
    /// 127.0.0.0/8 and ::1
    var isLoopback: Bool { isIPv6 ? bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1 : bytes[0] == 127 }
}
