import PatchbayCore

/// Works out what the host needs for itself, each with the chain it stands on.
///
/// Read again before every change: a disk mounted a second ago is in use.
struct HostUses {
    struct Result {
        var uses: [PCIAddress: [HostUse]] = [:]
        /// By name below `sys/bus/usb/devices`.
        var usb: [String: [HostUse]] = [:]
        var findings: [Finding] = []
        var mounts: [MountBacking] = []
    }

    private let tree: HostTree
    private let inventory: Inventory
    private let resolver: MountResolver
    private let interfaces: NetworkInterfaces

    init(tree: HostTree, inventory: Inventory, blocks: BlockDevices) {
        self.tree = tree
        self.inventory = inventory
        self.resolver = MountResolver(tree: tree, blocks: blocks)
        self.interfaces = NetworkInterfaces(tree: tree)
    }

    func read() -> Result {
        var result = Result()
        addParts(&result)
        addStorage(&result)
        addNetwork(&result)
        return result
    }

    /// What a function is needed for by being what it is.
    private func addParts(_ result: inout Result) {
        let framebuffers = BootFramebuffer.all(in: tree)
        for function in inventory.functions {
            let own = function.address.description
            if function.isBridge {
                result.uses[function.address, default: []].append(HostUse(.bridge, chain: [own]))
            } else if let part = ChipsetPart.name(of: function) {
                result.uses[function.address, default: []].append(HostUse(.chipset, chain: [part, own]))
            }
            let picture = framebuffers.first { $0.lies(in: function) }?.name
            if function.isBootDisplay == true || picture != nil {
                result.uses[function.address, default: []].append(
                    HostUse(.bootDisplay, chain: [picture ?? "firmware console", own]))
            }
        }
    }

    private func addStorage(_ result: inout Result) {
        let mounts = resolver.backings()
        result.mounts = mounts
        for mount in Self.mostImportantFirst(mounts) {
            let severity: HostUse.Severity = Self.isVital(mount.target) ? .critical : .inUse
            for way in mount.ways {
                add(.mount, severity, [mount.target] + way.names, way.functions, &result)
            }
        }
        let swaps = resolver.swaps()
        for swap in swaps {
            for way in swap.ways {
                let chain = swap.source.hasPrefix(SysfsPath.deviceNodes) ? way.names : [swap.source] + way.names
                add(.swap, .critical, chain, way.functions, &result)
            }
        }
        addUnknown(mounts.filter(\.isUnknown), .mount, &result)
        addUnknown(swaps.filter(\.isUnknown), .swap, &result)
    }

    private static func isVital(_ target: String) -> Bool {
        Mount(target: target, source: "", fileSystem: "", number: nil, options: []).isVital
    }

    /// The root first, then other vital ones, short names before long ones: of many mounts of one file system the
    /// first is the one to tell of.
    private static func mostImportantFirst(_ mounts: [MountBacking]) -> [MountBacking] {
        func rank(_ mount: MountBacking) -> (Int, Int, String) {
            (isVital(mount.target) ? 0 : 1, mount.target.utf8.count, mount.target)
        }
        return mounts.sorted { rank($0) < rank($1) }
    }

    /// The disk's controller, and above another PCI domain the function that makes that domain.
    private func add(
        _ reason: HostUse.Reason, _ severity: HostUse.Severity, _ chain: [String], _ functions: [PCIAddress],
        _ result: inout Result
    ) {
        guard let own = functions.last else { return }
        var chain = chain + [own.description]
        for address in functions.reversed() {
            guard let function = inventory[address], address == own || !function.isBridge else { continue }
            if address != own { chain.append(address.description) }
            let use = HostUse(reason, severity, chain: chain)
            let known = result.uses[address] ?? []
            // The same disk below another mount of the same file system says nothing new.
            let isNew = !known.contains { $0.reason == reason && $0.chain.dropFirst() == use.chain.dropFirst() }
            if isNew { result.uses[address] = known + [use] }
        }
    }

    /// What the tree cannot tell may be on any disk: then none is called free. A disk bound to VFIO carries no file
    /// system of the host; and where the tree tells drivers at all, one without a driver carries none either.
    private func addUnknown(_ mounts: [MountBacking], _ reason: HostUse.Reason, _ result: inout Result) {
        guard let first = Self.mostImportantFirst(mounts).first else { return }
        let tellsDrivers = inventory.functions.contains { $0.driver != nil }
        for function in inventory.functions where carriesDisks(function) && !function.isBridge {
            if let driver = function.driver ?? (tellsDrivers ? "vfio-pci" : nil), driver.contains("vfio") { continue }
            if result.uses[function.address]?.contains(where: { $0.reason == reason }) ?? false { continue }
            let chain = [first.target, first.source, "unknown device", function.address.description]
            result.uses[function.address, default: []].append(HostUse(reason, .inUse, chain: chain))
        }
        let others = mounts.count == 1 ? "" : " and of \(mounts.count - 1) more"
        result.findings.append(
            Finding(
                "backing-unknown", .warning, subject: inventory.host.name,
                "The disks behind \"\(first.target)\" (\(first.source))\(others) cannot be told, so no disk counts as free.",
                next: ["Read the host as root, from a tree with sys/dev/block and the slaves of its device mapper."]))
    }

    private func carriesDisks(_ function: PCIFunction) -> Bool {
        function.deviceClass.isStorage || function.nodes.contains { resolver.blocks.visibleDisks.contains($0) }
    }

    private func addNetwork(_ result: inout Result) {
        for interface in RouteTable.defaultInterfaces(in: tree) {
            let ways = interfaces.ways(from: interface)
            for way in ways {
                add(.defaultRoute, way.isRedundant ? .inUse : .critical, way.names, way.functions, &result)
            }
            guard ways.allSatisfy(\.functions.isEmpty) else { continue }
            result.findings.append(
                Finding(
                    "route-unknown", .note, subject: inventory.host.name,
                    "The default route leaves by \"\(interface)\", which stands on no PCI device that can be told."))
        }
    }
}
