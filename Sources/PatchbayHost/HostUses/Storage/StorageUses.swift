import PatchbayCore

/// What of the host's storage is in use, what only holds data, and what cannot be told.
final class StorageUses {
    private let tree: HostTree
    private let blocks: BlockDevices
    private let udev: UdevDatabase
    private let pools: PooledStorage
    private let resolver: MountResolver
    /// Every mount that is on something.
    let mounts: [MountBacking]
    /// What is mounted in other mount namespaces alone.
    private let elsewhere: [OtherMount]
    private let guests: [GuestProcesses.Known]
    /// Block devices that are in use, and what is below them.
    private var covered: Set<String> = []
    /// Those, and the disks of guests that are off: their contents need not be told again.
    private var told: Set<String> = []

    init(_ blocks: BlockDevices, elsewhere: [OtherMount], guests: [GuestProcesses.Known]) {
        self.elsewhere = elsewhere
        self.guests = guests
        self.tree = blocks.tree
        self.blocks = blocks
        udev = UdevDatabase(blocks)
        pools = PooledStorage(blocks: blocks, udev: udev)
        resolver = MountResolver(blocks: blocks, pools: pools)
        mounts = Self.mostImportantFirst(resolver.backings())
    }

    /// - Returns: everything that comes from other machines.
    func add(to ledger: inout UseLedger) -> [MountBacking] {
        var others: [MountBacking] = []
        for mount in mounts {
            add(mount, .mount, mount.isVital ? .critical : .inUse, startingWith: [mount.target], &ledger)
        }
        for other in elsewhere {
            var backing = resolver.backing(of: other.mount)
            backing.isElsewhere = true
            add(backing, .mount, .inUse, startingWith: [other.process.words, other.mount.target], &ledger)
            others.append(backing)
        }
        for swap in resolver.swaps() {
            let isDevice = swap.source.hasPrefix(SysfsPath.deviceNodes)
            add(swap, .swap, .critical, startingWith: isDevice ? [] : [swap.source], &ledger)
            others.append(swap)
        }
        others += addReferences(&ledger)
        let guests = addGuests(&ledger)
        let given = guests + addServed(&ledger)
        let hasReplicas = ServedStorage.hasReplicaFiles(in: tree)
        addUnknown((mounts + others).filter { isDoubtful($0, hasReplicas) } + given.filter(\.hasUnknownPart), &ledger)
        addUntold(given.filter { !$0.untold.isEmpty }, &ledger)
        others += guests
        addVolumes(&ledger)
        addFileSystems(&ledger)
        addContents(&ledger)
        return (mounts + others).filter { !$0.remotes.isEmpty }
    }

    private func add(
        _ backing: MountBacking, _ reason: HostUse.Reason, _ severity: HostUse.Severity, startingWith start: [String],
        _ ledger: inout UseLedger
    ) {
        for way in backing.ways {
            told.formUnion(way.names)
            if severity > .dataAtRisk { covered.formUnion(way.names) }
            ledger.add(reason, severity, start + way.names, at: way.place)
        }
    }

    /// The root first, then other vital ones, short names before long ones: of many mounts of one file system the
    /// first is the one to tell of.
    private static func mostImportantFirst(_ mounts: [MountBacking]) -> [MountBacking] {
        func rank(_ mount: MountBacking) -> (Int, Int, String) {
            (mount.isVital ? 0 : 1, mount.target.utf8.count, mount.target)
        }
        return mounts.sorted { rank($0) < rank($1) }
    }

    /// What is named for the next boot or the next crash, mounted or not.
    private func addReferences(_ ledger: inout UseLedger) -> [MountBacking] {
        let boot = BootMedia(tree: tree, blocks: blocks, udev: udev)
        for device in boot.devices(in: ledger.inventory) {
            ledger.add(.bootDevice, device.severity, [device.name] + device.names, at: device.place)
        }
        let references = StorageReferences(tree: tree, blocks: blocks, udev: udev, boot: boot).all(covered: covered)
        return references.compactMap { reference in
            var backing: MountBacking
            switch reference.target {
            case .device(let name): backing = resolver.backing(ofDevice: name, as: reference.name)
            case .path(let path): backing = resolver.backing(ofSource: path, as: reference.name)
            case .server(let address):
                backing = MountBacking(target: reference.name, source: reference.name)
                backing.remotes = [.init(names: [], address: address)]
            }
            backing.ways.removeAll { $0.names.first.map(covered.contains) ?? false }
            add(backing, reason(of: reference), reference.severity, startingWith: [reference.name], &ledger)
            return reference.severity > .dataAtRisk ? backing : nil
        }
    }

    private func reason(of reference: StorageReferences.Reference) -> HostUse.Reason {
        switch reference.purpose {
        case .hibernation: .hibernation
        case .crashDump: .crashDump
        case .boot: .bootPartition
        case .configuredMount: .mount
        case .configuredData: .storedData
        }
    }

    /// Disks of guests: those of running ones are in use, those of the others hold their data.
    private func addGuests(_ ledger: inout UseLedger) -> [MountBacking] {
        GuestDisks(tree: tree).all().flatMap { guest in
            guest.sources.compactMap { source in
                var backing: MountBacking
                switch source {
                case .path(let path):
                    // An image on a mount adds nothing to the mount while its guest is off.
                    guard guest.isRunning || path.hasPrefix(SysfsPath.deviceNodes) else { return nil }
                    backing = resolver.backing(ofSource: path, as: "VM \(guest.name)")
                case .server(let address):
                    guard guest.isRunning else { return nil }
                    backing = MountBacking(target: "VM \(guest.name)", source: "network disk")
                    backing.remotes = [.init(names: ["network disk"], address: address)]
                }
                let start = [backing.target] + (backing.source.hasPrefix("/dev/") ? [] : [backing.source])
                add(backing, .vmDisk, guest.isRunning ? .inUse : .dataAtRisk, startingWith: start, &ledger)
                return guest.isRunning ? backing : nil
            }
        }
    }
}

extension StorageUses {
    /// What the tree cannot tell may be on any disk: then none is called free.
    private func addUnknown(_ mounts: [MountBacking], _ ledger: inout UseLedger) {
        let host = ledger.inventory.host.name
        guard resolver.table != nil else {
            guard addUnknown(["no mount table in what was read"], .mount, &ledger) else { return }
            ledger.findings.append(
                Finding(
                    "mounts-unknown", .warning, subject: host,
                    "No mount table was found, so all disks are treated as in use.",
                    next: ["Read the host itself, or a tree with proc/1/mountinfo or proc/mounts."]))
            return
        }
        guard let first = mounts.first else { return }
        addUnknown([first.target, first.source, "unknown device"], .mount, &ledger)
        let others = mounts.count == 1 ? "" : " and of \(mounts.count - 1) more"
        ledger.findings.append(
            Finding(
                "backing-unknown", .warning, subject: host,
                "The disks behind \"\(first.target)\" (\(first.source))\(others) could not be determined, so all "
                    + "disks are treated as in use.",
                next: ["Read the host as root, from a tree with sys/dev/block and the slaves of its device mapper."]))
    }

    /// Any disk may be behind it. A replica without a disk of this host is on none that its configuration does not name.
    private func isDoubtful(_ backing: MountBacking, _ hasReplicas: Bool) -> Bool {
        backing.hasUnknownPart || backing.untold.contains { !(hasReplicas && $0.hasPrefix("drbd")) }
    }

    /// What guests and services have of devices that software makes says nothing of the disks of this host: the program
    /// behind has those open, or the kernel lists them as in use.
    private func addUntold(_ backings: [MountBacking], _ ledger: inout UseLedger) {
        guard let first = backings.first, let device = first.untold.first else { return }
        let others = backings.count == 1 ? "" : " The same holds for \(backings.count - 1) more."
        ledger.findings.append(
            Finding(
                "backing-not-followed", .note, subject: ledger.inventory.host.name,
                "The kernel does not report the disks of the device \"\(device)\" of \"\(first.target)\".\(others)"))
    }

    @discardableResult
    private func addUnknown(_ chain: [String], _ reason: HostUse.Reason, _ ledger: inout UseLedger) -> Bool {
        var isAny = false
        for function in ledger.functions where ledger.mayBeUsed(function) && carriesDisks(function) {
            isAny = true
            if ledger.severity(of: function.address).map({ $0 > .unknown }) ?? false { continue }
            ledger.add(reason, .unknown, chain, at: DevicePlace(functions: [function.address]))
        }
        return isAny
    }

    private func carriesDisks(_ function: PCIFunction) -> Bool {
        function.deviceClass.isStorage || function.nodes.contains { blocks.isVisible($0) }
    }

    /// Arrays, volumes and pools that are active without being mounted.
    private func addVolumes(_ ledger: inout UseLedger) {
        for pool in pools.importedPools.sorted() {
            for name in pools.devices(ofPool: pool) { addVolume("pool \(pool)", on: name, &ledger) }
        }
        for (pool, name) in pools.auxiliaries { addVolume("pool \(pool)", on: name, &ledger) }
        for name in pools.undecided where !covered.contains(name) {
            let backing = resolver.backing(ofDevice: name, as: "an imported pool of ZFS")
            add(backing, .volume, .unknown, startingWith: ["a cache or spare of ZFS, maybe"], &ledger)
        }
        let caches = blocks.inCacheSets()
        var open: [String] = []
        for disk in blocks.visibleDisks where !blocks.places(of: disk).isEmpty {
            for name in [disk] + (blocks.partitions[disk] ?? []) where !covered.contains(name) {
                for holder in blocks.holders(of: name) { addVolume(holder, on: name, &ledger) }
                if caches.contains(name) || blocks.isRegisteredWithBcache(name) {
                    addVolume("bcache", on: name, &ledger)
                }
                open.append(name)
            }
        }
        // The kernel lists device mapper's among the holders: this is for what it does not list.
        for name in blocks.stacks where !covered.contains(name) { addStack(name, &ledger) }
        for array in blocks.arrays.withSlots {
            for member in array.members where blocks.has(member.disk) {
                addVolume(array.name, on: member.disk, &ledger)
            }
        }
        let groups = VolumeGroups(tree: tree, blocks: blocks, udev: udev)
        for (group, name) in groups.activeVolumes(among: open.filter { !covered.contains($0) }) {
            addVolume("volume group \(group)", on: name, &ledger)
        }
    }

    /// A device that stands on others, where no holder of those tells of it.
    private func addStack(_ name: String, _ ledger: inout UseLedger) {
        var backing = resolver.backing(ofDevice: name, as: name)
        backing.ways.removeAll { way in
            way.names.count < 2 || way.names.dropFirst().contains(where: covered.contains)
        }
        add(backing, .volume, .inUse, startingWith: [], &ledger)
    }

    /// Mounted, and by none of the mounts that are seen from here.
    private func addFileSystems(_ ledger: inout UseLedger) {
        for mounted in KernelFileSystems(tree: tree, blocks: blocks).all() where !covered.contains(mounted.device) {
            let words = "\(mounted.fileSystem) that is mounted elsewhere"
            add(
                resolver.backing(ofDevice: mounted.device, as: words), .mount, .inUse, startingWith: [words], &ledger)
        }
    }

    /// What services and hypervisors have for themselves.
    ///
    /// - Returns: what is behind those that run.
    private func addServed(_ ledger: inout UseLedger) -> [MountBacking] {
        var served: [MountBacking] = []
        for storage in ServedStorage.all(in: tree, guests: guests) {
            let (reason, severity) = storage.use.counted
            if let device = blocks.device(ofCommandNode: storage.node) {
                ledger.add(reason, severity, [storage.service, device.name], at: device.place)
                continue
            }
            let name = udev.name(ofSpecification: storage.node)
            guard name != nil || storage.node.hasPrefix(SysfsPath.zfsVolumes) else { continue }
            guard !(name.map(covered.contains) ?? false) else { continue }
            let backing = resolver.backing(ofSource: storage.node, as: storage.service)
            add(backing, reason, severity, startingWith: [storage.service], &ledger)
            if severity > .dataAtRisk { served.append(backing) }
        }
        return served
    }

    private func addVolume(_ volume: String, on name: String, _ ledger: inout UseLedger) {
        guard !covered.contains(name) else { return }
        add(resolver.backing(ofDevice: name, as: volume), .volume, .inUse, startingWith: [volume], &ledger)
    }

    /// Disks that nothing uses: what lies on them is at risk when a guest gets them.
    private func addContents(_ ledger: inout UseLedger) {
        let contents = DiskContents(tree: tree, blocks: blocks, udev: udev)
        for disk in blocks.visibleDisks {
            for place in blocks.places(of: disk) {
                for maker in ledger.domainMakers(place) {
                    let chain = [disk] + place.functions.suffix(1).map(\.description) + [maker.description]
                    ledger.add(HostUse(.childDomain, .inUse, chain: chain), to: maker)
                }
                let names = [disk] + (blocks.partitions[disk] ?? [])
                guard !names.contains(where: told.contains) else { continue }
                for content in contents.of(disk) {
                    ledger.add(.storedData, .dataAtRisk, content, at: place)
                }
            }
        }
    }
}

extension ServedStorage.Use {
    fileprivate var counted: (HostUse.Reason, HostUse.Severity) {
        switch self {
        case .active: (.volume, .inUse)
        case .idle: (.storedData, .dataAtRisk)
        case .guest: (.vmDisk, .inUse)
        }
    }
}
