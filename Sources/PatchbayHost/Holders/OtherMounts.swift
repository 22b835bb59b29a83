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
    /// File systems, wherever they are mounted: by their numbers, and those that have none by type and source.
    private var seenNumbers: Set<MountNumber> = []
    private var seenOthers: Set<String> = []
    /// How much was read.
    private var bytes = 0

    init(_ tree: HostTree, _ table: ProcessTable, limits: ScanLimits, until end: Int) {
        let processes = Self.processes(table, tree)
        guard !processes.isEmpty else { return }
        for mount in Mount.all(in: tree) ?? [] { _ = isNew(mount) }
        for process in processes {
            // Without a count: what is told stays the same while containers come and go.
            guard bytes < limits.mountBytes, Int(pb_milliseconds()) <= end else {
                gaps.append("some mount namespaces could not be read")
                return
            }
            add(process, table, tree)
        }
    }

    private mutating func isNew(_ mount: Mount) -> Bool {
        if let number = mount.number.flatMap({ MountNumber($0) }) { return seenNumbers.insert(number).inserted }
        return seenOthers.insert("\(mount.fileSystem) \(mount.source)").inserted
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
        let text = tree.text(Self.path(pid)) ?? ""
        bytes += text.utf8.count
        for line in MountLines.onDevices(text, butFor: seenNumbers) {
            guard let mount = Mount(mountInfoLine: line), isOnSomething(mount), isNew(mount) else { continue }
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

/// `8:1`, the number of a file system that is on a device.
struct MountNumber: Hashable {
    private var number: UInt64

    init(major: UInt32, minor: UInt32) { number = UInt64(major) << 32 | UInt64(minor) }

    init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let major = UInt32(parts[0]), let minor = UInt32(parts[1]) else { return nil }
        self.init(major: major, minor: minor)
    }
}

/// Picks the lines of a `mountinfo` that may stand on a device or a server, without making strings of the others: a
/// container has some dozens that do not, and a host hundreds of containers.
enum MountLines {
    /// - Parameter seen: file systems that are known already.
    static func onDevices(_ text: String, butFor seen: Set<MountNumber> = []) -> [Substring] {
        var text = text
        return text.withUTF8 { bytes in
            var lines: [Substring] = []
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
                let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
                if isOnDevice(line, seen) { lines.append(String(decoding: line, as: UTF8.self)[...]) }
                start = end + 1
            }
            return lines
        }
    }

    /// `36 35 98:0 …`: anything new with a number of its own, and of the anonymous ones those that have devices or servers.
    private static func isOnDevice(_ line: UnsafeBufferPointer<UInt8>, _ seen: Set<MountNumber>) -> Bool {
        var at = 0
        for _ in 0..<2 {
            guard let blank = line[at...].firstIndex(of: 0x20) else { return false }
            at = blank + 1
        }
        guard let major = number(line, &at), at < line.count, line[at] == 0x3a else { return false }
        at += 1
        guard let minor = number(line, &at) else { return false }
        guard major == 0 else { return !seen.contains(MountNumber(major: major, minor: minor)) }
        return type(line, from: at).map { !kernelOnly.contains($0) } ?? false
    }

    private static func number(_ line: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> UInt32? {
        let digits = line[at...].prefix { (0x30...0x39).contains($0) }
        at += digits.count
        guard (1...9).contains(digits.count) else { return nil }
        return digits.reduce(0) { $0 * 10 + UInt32($1 - 0x30) }
    }

    /// The word behind ` - `, which is nowhere else: blanks of paths are written as `\040`.
    private static func type(_ line: UnsafeBufferPointer<UInt8>, from start: Int) -> String? {
        var at = start
        while at + 2 < line.count {
            if line[at] == 0x20, line[at + 1] == 0x2d, line[at + 2] == 0x20 {
                return String(decoding: line[(at + 3)...].prefix { $0 != 0x20 }, as: UTF8.self)
            }
            at += 1
        }
        return nil
    }

    /// Types of file systems that are made of memory or of other file systems.
    private static let kernelOnly: Set<String> = [
        "tmpfs", "proc", "sysfs", "cgroup2", "cgroup", "devpts", "mqueue", "overlay", "devtmpfs", "nsfs", "securityfs",
        "debugfs", "tracefs", "bpf", "pstore", "hugetlbfs", "configfs", "ramfs", "autofs", "efivarfs", "binfmt_misc",
    ]
}
