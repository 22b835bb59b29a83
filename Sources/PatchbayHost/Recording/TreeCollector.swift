import CPatchbayHost
import Glibc
import PatchbayCore

/// Takes from a host what the readers read, and nothing that blocks, wakes or changes anything.
///
/// Links stay links and become relative; a file that is reached through a link is kept where it really is.
struct TreeCollector {
    let tree: HostTree
    private(set) var recorded = RecordedTree()
    private var realParents: [String: String] = [:]

    init(tree: HostTree) { self.tree = tree }

    static func collect(_ tree: HostTree, rules: [RecordRule] = SysfsPath.recorded) -> RecordedTree {
        var collector = TreeCollector(tree: tree)
        for rule in rules { collector.take(rule) }
        collector.addTargets()
        return collector.recorded
    }

    private mutating func take(_ rule: RecordRule) {
        switch rule {
        case .bytes(let pattern): for path in expand(pattern) { file(path) { $0 } }
        case .reduced(let pattern, let reduction): for path in expand(pattern) { file(path, reduction.apply) }
        case .presence(let pattern): for path in expand(pattern) { presence(path) }
        case .links(let pattern): for path in expand(pattern) { links(path) }
        case .walk(let pattern): for path in expand(pattern) { walk(path) }
        case .routes: routes()
        case .holders: holders()
        case .daemons: daemons()
        case .services: services()
        }
    }

    /// All paths of a pattern that exist.
    private func expand(_ pattern: String) -> [String] { tree.paths(pattern).filter { kind($0) != nil } }

    private enum Kind { case directory, file, link }

    /// What is at a path itself, links not followed.
    private func kind(_ path: String) -> Kind? {
        var status = stat()
        guard fstatat(tree.descriptor, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .directory
        case S_IFLNK: return .link
        default: return .file
        }
    }

    // MARK: Single paths

    private mutating func file(_ path: String, _ reduce: ([UInt8]) -> [UInt8]) {
        // Links of proc lead to the process that records: their files are kept where they are asked for.
        let place = path.hasPrefix("proc/") ? path : real(path)
        guard let place, let bytes = bytes(place) else { return }
        recorded.add(place, .file(reduce(bytes)))
    }

    private mutating func presence(_ path: String) {
        guard let place = real(path), let kind = kind(place), recorded[place] == nil else { return }
        recorded.add(place, kind == .directory ? .directory : .file([]))
    }

    /// At most 4 MiB of a regular file or an attribute.
    private func bytes(_ path: String) -> [UInt8]? {
        var content: UnsafeMutablePointer<CChar>?
        let count = pb_read_file(tree.descriptor, path, 4 << 20, &content)
        defer { pb_free(content) }
        guard count >= 0 else { return nil }
        return content.map { Array(UnsafeRawBufferPointer(start: $0, count: count)) } ?? []
    }

    /// The path with the links on its way followed, each of them recorded. nil: it leaves the tree, or runs in circles.
    private mutating func real(_ path: String) -> String? {
        var done = ""
        var rest = path.split(separator: "/")[...]
        var hops = 0
        while let part = rest.popFirst() {
            let next = done.isEmpty ? String(part) : "\(done)/\(part)"
            if let known = realParents[next] {
                done = known
                continue
            }
            guard let link = tree.link(next) else {
                realParents[next] = next
                done = next
                continue
            }
            hops += 1
            guard hops <= 40, let target = TreePath.target(of: link, at: next) else { return nil }
            recorded.add(next, .link(TreePath.relative(from: next, to: target)))
            rest = target.split(separator: "/") + rest
            done = ""
        }
        return done
    }

    // MARK: Directories

    private mutating func links(_ path: String) {
        guard let place = real(path), let names = tree.names(place) else { return }
        recorded.add(place, .directory)
        for name in names {
            let entry = "\(place)/\(name)"
            switch kind(entry) {
            case .link: link(entry)
            case .directory: recorded.add(entry, .directory)
            case .file, nil: continue
            }
        }
    }

    private mutating func link(_ path: String) {
        guard let link = tree.link(path), let target = TreePath.target(of: link, at: path) else { return }
        let isKept = !link.hasPrefix("/") || SysfsPath.isTold(path)
        recorded.add(path, .link(isKept ? link : TreePath.relative(from: path, to: target)))
    }

    private mutating func walk(_ path: String) {
        var waiting = [path]
        while let directory = waiting.popLast() {
            guard let names = tree.names(directory) else { continue }
            recorded.add(directory, .directory)
            let isAsleep = takeSleep(directory, names)
            for name in names where !(isAsleep && SysfsPath.Function.wakes(name)) {
                let entry = "\(directory)/\(name)"
                if name == SysfsPath.Function.vpd || name == SysfsPath.Function.rom {
                    slow(entry)
                } else if SysfsPath.recordedAttributes.contains(name) {
                    attribute(entry)
                } else if !SysfsPath.isLeftOut(name, in: directory) {
                    switch kind(entry) {
                    case .link: link(entry)
                    case .directory: waiting.append(entry)
                    case .file, nil: continue
                    }
                }
            }
        }
    }

    /// Takes how a function sleeps, and says whether looking closer would wake it.
    private mutating func takeSleep(_ path: String, _ names: [String]) -> Bool {
        guard names.contains(SysfsPath.Function.config) else { return false }
        attribute("\(path)/\(SysfsPath.Function.runtimeStatus)")
        let directory = pb_open_directory(tree.descriptor, path)
        guard directory >= 0 else { return false }
        defer { pb_close(directory) }
        return FunctionSleep.isDeep(directory, AttributeBuffer())
    }

    /// The names of attributes are names of directories and links in other places.
    private mutating func attribute(_ path: String) {
        switch kind(path) {
        case .file: if let bytes = bytes(path) { recorded.add(path, .file(bytes)) }
        case .link: link(path)
        case .directory: walk(path)
        case nil: return
        }
    }

    /// Vital product data may take seconds, and a live ROM has to be switched on: the first has a deadline, the second is
    /// taken from recorded trees only.
    private mutating func slow(_ path: String) {
        guard tree.isLive else { return attribute(path) }
        guard path.hasSuffix("/\(SysfsPath.Function.vpd)") else { return }
        let read = DeadlineRead(directory: tree.descriptor, path: path, limit: 4096, deadlineMilliseconds: 1000)
        if case .bytes(let bytes) = read.perform() { recorded.add(path, .file(bytes)) }
    }

    /// Where a link leads there is something, too: readers ask.
    private mutating func addTargets() {
        for (path, content) in recorded.entries {
            guard case .link(let link) = content, !link.hasPrefix("/"), !SysfsPath.isTold(path),
                let target = TreePath.target(of: link, at: path), recorded[target] == nil, !target.isEmpty
            else { continue }
            switch kind(target) {
            case .directory: recorded.add(target, .directory)
            case .file: recorded.add(target, .file([]))
            case .link, nil: continue
            }
        }
    }

    // MARK: Processes

    private mutating func routes() {
        let texts = [
            SysfsPath.recordedRoutes: RouteTables.recordedText(in: tree),
            SysfsPath.recordedRules: PolicyRules.recordedText(in: tree),
            SysfsPath.recordedLinks: NetworkLinks.recordedText(in: tree),
        ]
        let cards = NVMeBootTable.functions(in: tree).map { "\($0)\n" }.joined()
        if !cards.isEmpty { recorded.add(SysfsPath.recordedBootCards, .file(Array(cards.utf8))) }
        for (path, text) in texts { if let text { recorded.add(path, .file(Array(text.utf8))) } }
    }

    private mutating func services() {
        let table = ProcessTable(
            tree, limits: ScanLimits(), until: Int(pb_milliseconds()) + ScanLimits().milliseconds)
        let services = ServedStorage.recordedText(in: tree, guests: GuestProcesses(tree: tree).all(table))
        if !services.isEmpty { recorded.add(SysfsPath.recordedServices, .file(Array(services.utf8))) }
        let pools = ZFSPoolCache(in: tree)?.recorded(in: tree) ?? ""
        if !pools.isEmpty { recorded.add(SysfsPath.recordedPools, .file(Array(pools.utf8))) }
    }

    /// What they may lock decides whether a guest with a device starts.
    private mutating func daemons() {
        for process in tree.names(SysfsPath.processes) ?? [] where process.first?.isNumber == true {
            let directory = "\(SysfsPath.processes)/\(process)"
            guard let name = tree.line("\(directory)/comm"), LockLimitReader.daemons.contains(name) else { continue }
            for file in ["comm", "limits"] {
                if let bytes = bytes("\(directory)/\(file)") { recorded.add("\(directory)/\(file)", .file(bytes)) }
            }
        }
    }

    /// Of processes that have a device open: the links to the devices. Of namespaces: the mounts and interfaces that the host's
    /// own do not show. And what of all that could not be seen.
    private mutating func holders() {
        let end = Int(pb_milliseconds()) + ScanLimits().milliseconds
        let table = ProcessTable(tree, limits: ScanLimits(), until: end)
        for entry in table.entries where !entry.nodes.isEmpty { descriptors(of: entry.pid) }
        let mounts = OtherMounts(tree, table, limits: ScanLimits(), until: end)
        for (pid, own) in Dictionary(grouping: mounts.mounts, by: \.process.pid) {
            let text = own.map { "\($0.line)\n" }.joined()
            recorded.add("\(SysfsPath.processes)/\(pid)/\(SysfsPath.ownMounts)", .file(Array(text.utf8)))
            names(of: pid)
        }
        let networks = OtherNetworks(tree, table, limits: ScanLimits(), until: end)
        if !networks.text.isEmpty { recorded.add(SysfsPath.recordedNetworks, .file(Array(networks.text.utf8))) }
        for line in networks.text.split(separator: "\n") {
            if let pid = line.split(separator: "\t").first.flatMap({ Int($0) }) { names(of: pid) }
        }
        let gaps = ProcessSights.gaps(table, mounts, networks, in: tree).map { "\($0.line)\n" }.joined()
        // Empty: all was seen, which is not the same as that nobody looked.
        if HolderScan.tells(table, tree) { recorded.add(SysfsPath.recordedGaps, .file(Array(gaps.utf8))) }
    }

    private mutating func descriptors(of pid: Int) {
        let directory = "\(SysfsPath.processes)/\(pid)"
        for name in tree.names("\(directory)/fd") ?? [] {
            guard let target = tree.link("\(directory)/fd/\(name)"), SysfsPath.isHeldNode(target) else { continue }
            recorded.add("\(directory)/fd/\(name)", .link(kernelNode(of: "\(directory)/fd/\(name)") ?? target))
            if target == SysfsPath.tunNode { tunInterface("\(directory)/fdinfo/\(name)") }
        }
        names(of: pid)
    }

    /// A container may call a node otherwise than the kernel does, and a recording keeps no numbers. Only on a live host: in a
    /// tree the link leads to a node of the machine that reads it.
    private func kernelNode(of path: String) -> String? {
        guard tree.isLive else { return nil }
        var (major, minor): (UInt32, UInt32) = (0, 0)
        let kind = pb_device_number(tree.descriptor, path, &major, &minor)
        guard kind > 0 else { return nil }
        return Self.kernelNode(.init(isBlock: kind == 2, major: major, minor: minor), in: tree)
    }

    /// By `DEVNAME=sdb` in the `uevent` of the device with that number. nil: sysfs does not have it, or everybody has it open.
    static func kernelNode(_ number: ProcessTable.Number, in tree: HostTree) -> String? {
        let folder = number.isBlock ? SysfsPath.blockByNumber : SysfsPath.charactersByNumber
        let text = tree.text("\(folder)/\(number.major):\(number.minor)/\(SysfsPath.Interface.event)") ?? ""
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("DEVNAME=") }) else { return nil }
        let node = "\(SysfsPath.deviceNodes)\(line.dropFirst(8))"
        return SysfsPath.isHeldNode(node) ? node : nil
    }

    /// Its name and control group.
    private mutating func names(of pid: Int) {
        for name in ["comm", "cgroup"] {
            let path = "\(SysfsPath.processes)/\(pid)/\(name)"
            if let bytes = bytes(path) { recorded.add(path, .file(bytes)) }
        }
    }

    /// Of an open node of tun(4) only which interface it is.
    private mutating func tunInterface(_ path: String) {
        guard let bytes = bytes(path) else { return }
        recorded.add(path, .file(Reduction.lines(containing: [SysfsPath.tunKey]).apply(bytes)))
    }
}
