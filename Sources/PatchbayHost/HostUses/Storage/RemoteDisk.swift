/// A disk that comes over the network, by the real path of its device.
enum RemoteDisk: Equatable {
    /// iSCSI done in software: `platform/host2/session1/target2:0:0/…`.
    case iscsi(session: String)
    /// NVMe over Fabrics: `virtual/nvme-fabrics/ctl/nvme1/…`.
    case nvme(controller: String)

    init?(link: String) {
        let parts = link.split(separator: "/")
        if let session = parts.first(where: { $0.hasPrefix("session") && $0.dropFirst(7).allSatisfy(\.isNumber) }) {
            self = .iscsi(session: String(session.dropFirst(7)))
        } else if let at = parts.firstIndex(of: "nvme-fabrics"), at + 2 < parts.count {
            self = .nvme(controller: String(parts[at + 2]))
        } else {
            return nil
        }
    }

    /// nil: the tree does not tell, or it is no IP address (Fibre Channel).
    func server(in tree: HostTree) -> IPAddress? {
        switch self {
        case .iscsi(let session):
            let connections = (tree.names(SysfsPath.iscsiConnections) ?? []).filter {
                $0.hasPrefix("connection\(session):")
            }
            let files = connections.flatMap { name in
                ["address", "persistent_address"].map { "\(SysfsPath.iscsiConnections)/\(name)/\($0)" }
            }
            return files.lazy.compactMap { tree.line($0) }.compactMap { IPAddress($0) }.first
        case .nvme(let controller):
            let words = tree.line("\(SysfsPath.nvmeClass)/\(controller)/address")?.split(separator: ",") ?? []
            return words.lazy.compactMap { Self.value(of: "traddr=", in: $0) }.compactMap { IPAddress($0) }.first
        }
    }

    private static func value(of key: String, in word: Substring) -> Substring? {
        let word = word.trimmingBlanks
        return word.hasPrefix(key) ? word.dropFirst(key.count) : nil
    }
}
