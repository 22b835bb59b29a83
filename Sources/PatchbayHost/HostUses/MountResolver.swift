import PatchbayCore

/// Follows mounts, swap space and files down to the disks they are on.
struct MountResolver {
    let tree: HostTree
    let blocks: BlockDevices
    let mounts: [Mount]

    init(tree: HostTree, blocks: BlockDevices) {
        self.tree = tree
        self.blocks = blocks
        self.mounts = Mount.all(in: tree)
    }

    /// Every mount that is on something; those of the kernel itself and of network servers are not among them.
    func backings() -> [MountBacking] {
        mounts.compactMap { mount in
            switch mount.kind {
            case .pseudo, .network: nil
            case .block, .overlay, .share, .opaque: backing(of: mount, passed: [])
            }
        }
    }

    /// Swap space in use, by `proc/swaps`: `Filename Type Size Used Priority`.
    func swaps() -> [MountBacking] {
        let lines = (tree.text(SysfsPath.swaps) ?? "").split(separator: "\n").dropFirst()
        return lines.compactMap { line in
            let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard fields.count >= 2 else { return nil }
            let name = Mount.unescaped(fields[0])
            var backing = MountBacking(target: name, source: name)
            if fields[1] == "file" {
                add(file: name, to: &backing, names: [], passed: [])
            } else {
                add(source: name, number: nil, to: &backing, names: [], passed: [])
            }
            return backing
        }
    }

    /// - Parameter passed: targets of mounts above this one, so that a circle ends.
    private func backing(of mount: Mount, passed: Set<String>) -> MountBacking {
        var backing = MountBacking(target: mount.target, source: mount.source)
        let passed = passed.union([mount.target])
        switch mount.kind {
        case .block: addDevices(of: mount, to: &backing, passed: passed)
        case .overlay(let layers):
            backing.isUnknown = layers.isEmpty
            for layer in layers { add(file: layer, to: &backing, names: [], passed: passed) }
        case .share(let tag): add(share: tag, to: &backing)
        case .opaque: backing.isUnknown = true
        case .network, .pseudo: break
        }
        return backing
    }

    private func addDevices(of mount: Mount, to backing: inout MountBacking, passed: Set<String>) {
        // bcachefs names all its devices, with colons between them.
        let sources =
            mount.fileSystem == "bcachefs" ? mount.source.split(separator: ":").map(String.init) : [mount.source]
        for source in sources {
            guard mount.fileSystem == "btrfs", let name = blocks.name(ofSource: source) else {
                add(source: source, number: mount.number, to: &backing, names: [], passed: passed)
                continue
            }
            for member in blocks.btrfsMembers(of: name) { add(device: member, to: &backing, names: [], passed: passed) }
        }
    }

    private func add(
        source: String, number: String?, to backing: inout MountBacking, names: [String], passed: Set<String>
    ) {
        guard let name = number.flatMap({ blocks.name(ofNumber: $0) }) ?? blocks.name(ofSource: source) else {
            backing.isUnknown = true
            return
        }
        add(device: name, to: &backing, names: names, passed: passed)
    }

    private func add(device: String, to backing: inout MountBacking, names: [String], passed: Set<String>) {
        for way in blocks.ways(from: device) {
            switch way.end {
            case .disk(let functions): backing.ways.append(.init(names: names + way.names, functions: functions))
            case .file(let file): add(file: file, to: &backing, names: names + way.names, passed: passed)
            case .nothing: continue
            case .unknown: backing.isUnknown = true
            }
        }
    }

    /// A file or directory is on the mount whose target covers most of its path. What that mount hides is not known.
    private func add(file: String, to backing: inout MountBacking, names: [String], passed: Set<String>) {
        guard file.hasPrefix("/"), let mount = mount(covering: file), !passed.contains(mount.target) else {
            backing.isUnknown = true
            return
        }
        let below = self.backing(of: mount, passed: passed)
        backing.isUnknown = backing.isUnknown || below.isUnknown
        for way in below.ways {
            backing.ways.append(.init(names: names + [mount.target] + way.names, functions: way.functions))
        }
    }

    /// The last one mounted there hides the others.
    private func mount(covering path: String) -> Mount? {
        var best: Mount?
        for mount in mounts where mount.fileSystem != "rootfs" {
            let covers = mount.target == "/" || path == mount.target || path.hasPrefix("\(mount.target)/")
            if covers, mount.target.utf8.count >= (best?.target.utf8.count ?? 0) { best = mount }
        }
        return best
    }

    /// A 9p share comes through the virtio device that carries its tag. A virtiofs device shows its tag only in newer
    /// kernels; before that any of them (virtio id 26, Virtual I/O Device 1.2, section 5) may be it.
    private func add(share tag: String, to backing: inout MountBacking) {
        for name in tree.names(SysfsPath.virtioDevices) ?? [] {
            let device = "\(SysfsPath.virtioDevices)/\(name)"
            guard let link = tree.link(device), carries(tag, device) else { continue }
            backing.ways.append(.init(names: [tag, name], functions: TopologyPath.functions(link)))
        }
        // A share over another transport stands on no disk of this host.
    }

    private func carries(_ tag: String, _ device: String) -> Bool {
        if let told = tree.text("\(device)/mount_tag") ?? tree.text("\(device)/tag") {
            return told.prefix(while: { $0 != "\0" && !$0.isNewline }) == tag
        }
        return tree.line("\(device)/device") == "0x001a"
    }
}
