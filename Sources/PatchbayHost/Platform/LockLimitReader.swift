/// How much memory the daemon that starts guests may lock: VFIO pins all of a guest's memory.
struct LockLimitReader {
    let tree: HostTree

    /// Bytes, -1: no limit, nil: not told. By the running daemon, else by what systemd will start it with.
    func read() -> Int? { running ?? configured }

    static let daemons = ["virtqemud", "libvirtd"]

    private var running: Int? {
        for process in tree.names(SysfsPath.processes) ?? [] where process.first?.isNumber == true {
            guard let name = tree.line(SysfsPath.process(process, "comm")), Self.daemons.contains(name),
                let limits = tree.text(SysfsPath.process(process, "limits"))
            else { continue }
            return Self.limit(limits)
        }
        return nil
    }

    /// `Max locked memory  67108864  67108864  bytes`: soft and hard; a process may raise its own up to the hard one.
    static func limit(_ limits: String) -> Int? {
        guard let line = limits.split(separator: "\n").first(where: { $0.hasPrefix("Max locked memory") }) else {
            return nil
        }
        let words = line.split(separator: " ")
        guard words.count >= 5 else { return nil }
        return words[4] == "unlimited" ? -1 : Int(words[4])
    }

    private var configured: Int? {
        for daemon in Self.daemons {
            for folder in SysfsPath.unitFiles {
                guard let unit = tree.text("\(folder)/\(daemon).service") else { continue }
                let extras = SysfsPath.unitFiles.reversed().flatMap { folder in
                    (tree.names("\(folder)/\(daemon).service.d") ?? []).filter { $0.hasSuffix(".conf") }
                        .compactMap { tree.text("\(folder)/\(daemon).service.d/\($0)") }
                }
                if let limit = ([unit] + extras).compactMap({ Self.setting($0) }).last { return limit }
                break
            }
        }
        return nil
    }

    /// `LimitMEMLOCK=64M`, `=infinity`, `=64M:128M` (soft:hard); systemd.exec(5). The last one counts.
    static func setting(_ unit: String) -> Int? {
        let key = "LimitMEMLOCK="
        guard let line = unit.split(separator: "\n").last(where: { $0.hasPrefix(key) }),
            let value = line.dropFirst(key.count).trimmingBlanks.split(separator: ":").last
        else { return nil }
        if value == "infinity" { return -1 }
        let shifts: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
        guard let unit = value.last, let shift = shifts[unit] else { return Int(value) }
        guard let number = Int(value.dropLast()) else { return nil }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: 1 << shift)
        return isTooLarge ? nil : bytes
    }
}
