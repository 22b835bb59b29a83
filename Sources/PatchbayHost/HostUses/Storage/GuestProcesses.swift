/// Disks of the host on the command lines of running hypervisors, whoever started them: Proxmox, Incus, a script.
///
/// The list of open files says the same, but only root reads that.
struct GuestProcesses {
    struct Guest: Equatable {
        /// As on the command line; without one the name of the program.
        var name: String
        /// Nodes that may be of block devices, each once.
        var nodes: [String]
    }

    let tree: HostTree

    func all() -> [Guest] {
        (tree.names(SysfsPath.processes) ?? []).compactMap { process in
            guard process.first?.isNumber == true, let command = tree.line("\(SysfsPath.processes)/\(process)/comm"),
                Self.isHypervisor(command),
                let text = tree.text("\(SysfsPath.processes)/\(process)/\(Self.arguments)")
            else { return nil }
            let guest = Self.guest(text.split(separator: "\0"), process: command)
            return guest.nodes.isEmpty ? nil : guest
        }
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
