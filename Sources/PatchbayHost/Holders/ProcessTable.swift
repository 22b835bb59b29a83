import CPatchbayHost
import PatchbayCore

/// How far a look at processes and namespaces goes. What is beyond counts as not seen.
package struct ScanLimits: Sendable {
    package var processes = 32_768
    package var networks = 4_096
    /// Of mounts, in all namespaces together: a container with a hundred mounts has 15 KiB.
    package var mountBytes = 64 << 20
    /// For all of it together.
    package var milliseconds = 5_000

    package init() {}
}

/// The processes of a host: which nodes of devices each has open, and which namespaces it is in.
///
/// One pass over `proc` with a readlink a descriptor (proc_pid_fd(5)): a tenth of a second for 2,000 processes. Nothing is
/// opened that a link leads to, and no path of another process is walked.
struct ProcessTable {
    /// The number of a device as stat(2) tells it.
    struct Number: Hashable {
        var isBlock: Bool
        var major: UInt32
        var minor: UInt32
    }

    /// A device node as a process sees it: a container may call it otherwise than the kernel does.
    struct Node: Hashable {
        var path: String
        /// nil: a recording tells no numbers.
        var number: Number?
    }

    struct Entry {
        var pid: Int
        /// Sorted by path, each once.
        var nodes: [Node] = []
        /// Its name, where it is one that hypervisors have.
        var hypervisor: String?
        /// `mnt:[4026531841]`, `net:[4026531840]`; nil: not told.
        var mountNamespace: String?
        var networkNamespace: String?
    }

    /// What is looked for.
    enum Look {
        case everything
        /// What they have open.
        case nodes
        /// Where they are.
        case namespaces
    }

    /// Sorted by process id.
    private(set) var entries: [Entry] = []
    /// What kept it from seeing everything, in words.
    private(set) var gaps: [String] = []

    /// - Parameter end: when to stop, in `pb_milliseconds`.
    init(_ tree: HostTree, limits: ScanLimits, until end: Int, looking look: Look = .everything) {
        var processes = Self.processes(tree)
        if processes.count > limits.processes {
            gaps.append("more than \(limits.processes) processes")
            processes.removeLast(processes.count - limits.processes)
        }
        let pieces = Parallel.map(processes.count, pieceAtLeast: 256) { range in
            Piece(tree, processes[range], until: end, look)
        }
        for piece in pieces { entries += piece.entries }
        if pieces.contains(where: \.isCut) { gaps.append("not all processes could be read in time") }
        if pieces.contains(where: \.isDenied) { gaps.append("processes of other users cannot be read") }
        if tree.isLive, !Self.isWholeHost(tree) { gaps.append("only the processes of this container are visible") }
    }

    func process(_ pid: Int, _ tree: HostTree) -> HostProcess {
        let directory = "\(SysfsPath.processes)/\(pid)"
        let group = ControlGroup(tree.text("\(directory)/cgroup") ?? "")
        return HostProcess(
            pid: pid, command: tree.line("\(directory)/comm") ?? "?", unit: group.unit, container: group.container)
    }

    private static func processes(_ tree: HostTree) -> [Int] {
        guard let listing = DirectoryListing(at: tree.descriptor, SysfsPath.processes) else { return [] }
        var processes: [Int] = []
        listing.forEach { name in
            guard name[0] >= 0x31, name[0] <= 0x39, let number = Int(String(cString: name)) else { return }
            processes.append(number)
        }
        return processes.sorted()
    }

    /// The first namespace of processes has a number of its own (`PROC_PID_INIT_INO` in `include/linux/proc_ns.h`).
    private static func isWholeHost(_ tree: HostTree) -> Bool {
        tree.link("\(SysfsPath.processes)/self/\(SysfsPath.processNamespace)") == "pid:[4026531836]"
    }
}

extension ProcessTable {
    /// What one thread looks at.
    private struct Piece {
        var entries: [Entry] = []
        var isCut = false
        var isDenied = false

        init(_ tree: HostTree, _ processes: ArraySlice<Int>, until end: Int, _ look: Look) {
            entries.reserveCapacity(processes.count)
            for (count, process) in processes.enumerated() {
                if count % 32 == 0, Int(pb_milliseconds()) > end {
                    isCut = true
                    return
                }
                entries.append(entry(process, tree, look))
            }
        }

        private mutating func entry(_ process: Int, _ tree: HostTree, _ look: Look) -> Entry {
            let path = "\(SysfsPath.processes)/\(process)"
            var entry = Entry(pid: process)
            if look != .nodes {
                entry.mountNamespace = HostTree.link(at: tree.descriptor, "\(path)/\(SysfsPath.mountNamespace)")
                entry.networkNamespace = HostTree.link(at: tree.descriptor, "\(path)/\(SysfsPath.networkNamespace)")
            }
            if look == .namespaces { return entry }
            if look == .everything {
                entry.hypervisor = tree.line("\(path)/comm").flatMap { GuestProcesses.isHypervisor($0) ? $0 : nil }
            }
            let directory = pb_open_directory(tree.descriptor, "\(path)/fd")
            guard directory >= 0 else { return entry }
            defer { pb_close(directory) }
            guard let listing = DirectoryListing(at: directory, ".", isDenied: &isDenied) else { return entry }
            entry.nodes = Self.nodes(listing, directory, isLive: tree.isLive)
            return entry
        }

        private static func nodes(_ listing: borrowing DirectoryListing, _ directory: Int32, isLive: Bool) -> [Node] {
            var nodes: Set<Node> = []
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
                guard let base = buffer.baseAddress else { return }
                listing.forEach { name in
                    let count = pb_read_link(directory, name, base, buffer.count)
                    guard count > 5, isNode(buffer[..<count]) else { return }
                    let path = String(decoding: buffer[..<count], as: UTF8.self)
                    guard SysfsPath.isHeldNode(path) else { return }
                    guard isLive else {
                        nodes.insert(Node(path: path))
                        return
                    }
                    if let number = number(directory, name) { nodes.insert(Node(path: path, number: number)) }
                }
            }
            return nodes.sorted { ($0.path, $0.number?.minor ?? 0) < ($1.path, $1.number?.minor ?? 0) }
        }

        /// Below `/dev/`, and not what nearly every process has open: no text is made of that.
        private static func isNode(_ path: Slice<UnsafeMutableBufferPointer<UInt8>>) -> Bool {
            path.starts(with: [0x2f, 0x64, 0x65, 0x76, 0x2f])  // "/dev/"
                && !path.dropFirst(5).starts(with: [0x6e, 0x75, 0x6c, 0x6c])  // "null"
                && !path.dropFirst(5).starts(with: [0x70, 0x74, 0x73, 0x2f])  // "pts/"
        }

        /// nil: no device.
        private static func number(_ directory: Int32, _ name: UnsafePointer<CChar>) -> Number? {
            var (major, minor): (UInt32, UInt32) = (0, 0)
            let kind = pb_device_number(directory, name, &major, &minor)
            return kind > 0 ? Number(isBlock: kind == 2, major: major, minor: minor) : nil
        }
    }
}
