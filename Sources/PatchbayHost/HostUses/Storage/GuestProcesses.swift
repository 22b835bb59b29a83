/// Disks of the host on the command lines of running hypervisors, whoever started them: Proxmox, Incus, a script.
///
/// The list of open files says the same, but only root reads that.
struct GuestProcesses {
    struct Guest: Hashable {
        /// As on the command line; without one the name of the program.
        var name: String
        /// Nodes that may be of block devices, each once.
        var nodes: [String]
    }

    /// What a process was started with, which never changes.
    struct Known: Hashable {
        var pid: Int
        /// When it started, in ticks since the host did. nil: not told.
        var start: String?
        var guest: Guest
    }

    let tree: HostTree

    /// Sorted by name.
    ///
    /// - Parameter earlier: a command line is in memory of the process, and reading it waits while the process changes that: it
    ///   is read once.
    func all(_ table: ProcessTable, knowing earlier: [Known] = []) -> [Known] {
        table.entries.compactMap { entry -> Known? in
            guard let command = entry.hypervisor else { return nil }
            let directory = "\(SysfsPath.processes)/\(entry.pid)"
            let start = tree.text("\(directory)/stat").flatMap(Self.start)
            if start != nil, let known = earlier.first(where: { $0.pid == entry.pid && $0.start == start }) {
                return known
            }
            guard let text = tree.text("\(directory)/\(Self.arguments)") else { return nil }
            return Known(pid: entry.pid, start: start, guest: Self.guest(text.split(separator: "\0"), process: command))
        }.sorted { ($0.guest.name, $0.pid) < ($1.guest.name, $1.pid) }
    }

    /// The 22nd field, proc_pid_stat(5): the second is a name in brackets, which may hold anything.
    static func start(_ stat: String) -> String? {
        guard let bracket = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: bracket)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }

    static let arguments = "cmdline"

    /// Names of processes have 15 characters at most.
    static func isHypervisor(_ command: String) -> Bool {
        ["qemu-", "kvm", "cloud-hyperviso", "crosvm", "firecracker", "lkvm"].contains { command.hasPrefix($0) }
    }

    static func guest(_ arguments: [Substring], process: String) -> Guest {
        var guest = Guest(name: process, nodes: [])
        for (index, argument) in arguments.enumerated() {
            if index > 0, arguments[index - 1] == "-name" { guest.name = "VM \(name(argument))" }
            guest.nodes += nodes(in: argument).filter { !guest.nodes.contains($0) }
        }
        return guest
    }

    /// `guest=web,debug-threads=on`, `web,debug-threads=on`, `web`
    private static func name(_ argument: Substring) -> Substring {
        argument.split(separator: ",").first.map { $0.hasPrefix("guest=") ? $0.dropFirst(6) : $0 } ?? argument
    }

    /// Nodes in `file=/dev/sdb,format=raw`, `path=/dev/sdb`, `{"filename":"/dev/sdb"}`.
    private static func nodes(in argument: Substring) -> [String] {
        argument.ranges(of: SysfsPath.deviceNodes).compactMap { range in
            let before = argument[..<range.lowerBound].last
            guard before == nil || before == "=" || before == "\"" || before == ":" else { return nil }
            return String(argument[range.lowerBound...].prefix { !",\"'] ".contains($0) })
        }
    }
}
