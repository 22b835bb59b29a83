import CPatchbayHost
import PatchbayCore

/// A file system that is mounted in another mount namespace and not in the host's own.
struct OtherMount: Hashable, Sendable {
    var mount: Mount
    /// As the kernel wrote it.
    var line: String
    /// The first process of that namespace.
    var process: HostProcess
}

/// The mounts of other mount namespaces, by the `mountinfo` of one process in each: no path of another process is walked.
///
/// Containers and services see much of what the host sees: only what the host's own table does not have is kept, each file
/// system once.
struct OtherMounts {
    private(set) var mounts: [OtherMount] = []
    private(set) var gaps: [String] = []
    private var seen: Set<Key> = []

    /// A file system, wherever it is mounted: its number, or where it has none, its type and source.
    private struct Key: Hashable {
        var text: String

        init(_ mount: Mount) { text = mount.number ?? "\(mount.fileSystem) \(mount.source)" }
    }

    init(_ tree: HostTree, _ table: ProcessTable, limits: ScanLimits, until end: Int) {
        let processes = Self.processes(table, tree)
        guard !processes.isEmpty else { return }
        for mount in Mount.all(in: tree) ?? [] { seen.insert(Key(mount)) }
        for (count, process) in processes.enumerated() {
            guard count < limits.namespaces, Int(pb_milliseconds()) <= end else {
                gaps.append("\(processes.count - count) mount namespaces not looked at")
                return
            }
            add(process, table, tree)
        }
    }

    /// The first process of each namespace that is not the host's own. Recordings have `mountinfo` of those alone.
    private static func processes(_ table: ProcessTable, _ tree: HostTree) -> [Int] {
        let own = ["1", "self"].lazy.compactMap {
            tree.link("\(SysfsPath.processes)/\($0)/\(SysfsPath.mountNamespace)")
        }
        var known = Set(own.prefix(1))
        return table.entries.compactMap { entry in
            guard entry.pid != 1 else { return nil }
            if let space = entry.mountNamespace { return known.insert(space).inserted ? entry.pid : nil }
            return !tree.isLive && tree.exists(path(entry.pid)) ? entry.pid : nil
        }
    }

    private static func path(_ process: Int) -> String { "\(SysfsPath.processes)/\(process)/\(SysfsPath.ownMounts)" }

    private mutating func add(_ pid: Int, _ table: ProcessTable, _ tree: HostTree) {
        var process: HostProcess?
        for line in MountLines.onDevices(tree.text(Self.path(pid)) ?? "") {
            guard let mount = Mount(mountInfoLine: line), isOnSomething(mount), seen.insert(Key(mount)).inserted else {
                continue
            }
            let owner = process ?? table.process(pid, tree)
            process = owner
            mounts.append(OtherMount(mount: mount, line: String(line), process: owner))
        }
    }

    /// Layers of an overlay are on mounts of the host or of this namespace, which are told themselves.
    private func isOnSomething(_ mount: Mount) -> Bool {
        switch mount.kind {
        case .block, .share, .network, .pool: true
        case .overlay, .pseudo: false
        }
    }
}

/// Picks the lines of a `mountinfo` that may stand on a device or a server, without making strings of the others: a
/// container has some dozens that do not, and a host hundreds of containers.
enum MountLines {
    static func onDevices(_ text: String) -> [Substring] {
        var text = text
        return text.withUTF8 { bytes in
            var lines: [Substring] = []
            var start = 0
            while start < bytes.count {
                var end = start
                while end < bytes.count, bytes[end] != 0x0a { end += 1 }
                let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
                if isOnDevice(line) { lines.append(String(decoding: line, as: UTF8.self)[...]) }
                start = end + 1
            }
            return lines
        }
    }

    /// `36 35 98:0 …`: anything with a number of its own, and of the anonymous ones those that have devices or servers.
    private static func isOnDevice(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        var blanks = 0
        var at = 0
        while at < line.count, blanks < 2 {
            if line[at] == 0x20 { blanks += 1 }
            at += 1
        }
        guard at + 1 < line.count else { return false }
        if line[at] != 0x30 || line[at + 1] != 0x3a { return true }  // "0:"
        return kernelOnly.allSatisfy { !has($0, line) }
    }

    /// " - TYPE " of file systems that are made of memory or of other file systems.
    private static let kernelOnly: [[UInt8]] = [
        "tmpfs", "proc", "sysfs", "cgroup2", "cgroup", "devpts", "mqueue", "overlay", "devtmpfs", "nsfs", "securityfs",
        "debugfs", "tracefs", "bpf", "pstore", "hugetlbfs", "configfs", "ramfs", "autofs", "efivarfs", "binfmt_misc",
    ].map { Array(" - \($0) ".utf8) }

    private static func has(_ words: [UInt8], _ line: UnsafeBufferPointer<UInt8>) -> Bool {
        guard line.count >= words.count else { return false }
        // The separator is near the end: what is looked for is behind it.
        var at = line.count - words.count
        while true {
            if line[at] == 0x20, line[at + 1] == 0x2d, line[at + 2] == 0x20 {
                return (3..<words.count).allSatisfy { line[at + $0] == words[$0] }
            }
            if at == 0 { return false }
            at -= 1
        }
    }
}
