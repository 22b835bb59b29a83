/// The local TCP ports by which people work on a host.
enum OperatorPorts {
    /// Where Patchbay's server listens unless told otherwise.
    private static let patchbay: UInt16 = 8420
    /// Where sshd listens unless told otherwise.
    private static let ssh: UInt16 = 22

    /// 22 counts also where sshd's configuration names others: it may have been changed since the daemon started.
    static func all(in tree: HostTree) -> Set<UInt16> {
        let parts = (tree.names(SysfsPath.sshDaemonParts) ?? []).map { "\(SysfsPath.sshDaemonParts)/\($0)" }
        let texts = ([SysfsPath.sshDaemon] + parts).compactMap { tree.text($0) }
        return Set(texts.flatMap { $0.split(separator: "\n").compactMap { port($0) } }).union([ssh, patchbay])
    }

    /// `Port 2222`, sshd_config(5); keywords in any case.
    private static func port(_ line: Substring) -> UInt16? {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "=" })
        guard words.count >= 2, words[0].lowercased() == "port" else { return nil }
        return UInt16(words[1])
    }
}
