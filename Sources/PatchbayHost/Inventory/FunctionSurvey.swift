import CPatchbayHost
import PatchbayCore

/// Functions of a host, put together: what each directory tells, what others tell of it, and what could not be read.
struct FunctionSurvey {
    /// Sorted by address.
    private(set) var functions: [PCIFunction]
    /// Sorted.
    private(set) var findings: [Finding] = []
    private let readings: FunctionReadings
    private let host: String
    private var indexByAddress: [PCIAddress: Int] = [:]

    /// - Parameter chosen: those that are put together; nil: all.
    init(_ readings: FunctionReadings, host: String, only chosen: Set<PCIAddress>? = nil) {
        self.readings = readings
        self.host = host
        functions = chosen.map { $0.sorted().compactMap { readings[$0] } } ?? readings.functions
        indexByAddress.reserveCapacity(functions.count)
        for index in functions.indices { indexByAddress[functions[index].address] = index }
        addFindings()
        numberVirtualFunctions()
        findings.sort { ($0.subject, $0.code, $0.sentence) < ($1.subject, $1.code, $1.sentence) }
    }

    private mutating func addFindings() {
        if !readings.isBusKnown {
            findings.append(
                Finding(
                    "no-pci", .warning, subject: host,
                    "This tree has no \(SysfsPath.pciDevices), so there is no PCI bus.")
            )
        }
        for name in readings.unsupported {
            findings.append(
                Finding(
                    "unsupported-address", .warning, subject: host,
                    "\"\(name)\" is not a PCI address that Patchbay supports; the device is ignored.",
                    next: ["Addresses have a domain of up to ffffffff, a slot of up to 1f and a function of up to 7."]))
        }
        for address in readings.unreadable.keys {
            findings.append(
                Finding(
                    "function-unreadable", .warning, subject: "\(host)/\(address)",
                    "The vendor, device and class of \(address) cannot be read; it is ignored.",
                    next: ["It may have been removed just now: read the host again."]))
        }
        for address in readings.doubled {
            findings.append(
                Finding(
                    "address-twice", .warning, subject: "\(host)/\(address)",
                    "Two directories describe \(address); one of them is ignored."))
        }
    }

    /// A virtual function's index is its place among its parent's `virtfn` links. Where the parent is not in the tree,
    /// its functions are counted in the order of their addresses, which is the order they are made in.
    private mutating func numberVirtualFunctions() {
        var places: [PCIAddress: Int] = [:]
        let all = readings.functions
        for index in all.indices {
            guard case .physical(_, _, let children) = all[index].role else { continue }
            for (place, child) in children.enumerated() { places[child] = place }
        }
        var orphans: [PCIAddress: Int] = [:]
        for index in all.indices {
            guard case .virtual(let parent, _) = all[index].role else { continue }
            let address = all[index].address
            if let place = places[address] {
                set(.virtual(parent: parent, index: place), of: address)
                continue
            }
            set(.virtual(parent: parent, index: orphans[parent, default: 0]), of: address)
            orphans[parent, default: 0] += 1
            findings.append(
                Finding(
                    "parent-unknown", .note, subject: "\(host)/\(address)",
                    "\(address) names \(parent) as its physical function, which does not list it."))
        }
    }

    private mutating func set(_ role: PCIRole, of address: PCIAddress) {
        guard let index = indexByAddress[address] else { return }
        functions[index].role = role
    }

    /// Which interfaces and disks are on which function, by where their links below `sys/class` lead.
    mutating func addNodes(blocks: BlockDevices, tree: HostTree) {
        for name in tree.names(SysfsPath.netClass) ?? [] {
            guard let link = tree.link(SysfsPath.netInterface(name)) else { continue }
            add(name, to: TopologyPath.functions(link).last)
        }
        for disk in blocks.visibleDisks {
            for function in blocks.controllers(of: disk) { add(disk, to: function) }
        }
    }

    mutating func addSilence(tree: HostTree) {
        SilentFunctions(tree: tree).complete(&functions, among: readings.functions)
    }

    private mutating func add(_ node: String, to address: PCIAddress?) {
        guard let address, let index = indexByAddress[address] else { return }
        functions[index].nodes.append(node)
    }
}

extension FunctionSurvey {
    /// All of them, in no order. The members by what each function says, bridges and unreadable functions included.
    ///
    /// - Parameters:
    ///   - earlier: groups as they were read before: those that no function of `touched` was or is in are as they were. nil:
    ///     all are read.
    ///   - touched: functions that were read again since.
    func groups(
        _ tree: HostTree, since earlier: [IOMMUGroup]? = nil, touching touched: Set<PCIAddress> = []
    ) -> [IOMMUGroup] {
        guard let earlier else { return withTypes(groups { _ in true }, tree) }
        var changed = Set(touched.compactMap { readings.group(of: $0) })
        for group in earlier where group.members.contains(where: touched.contains) { changed.insert(group.id) }
        return earlier.filter { !changed.contains($0.id) } + withTypes(groups(where: changed.contains), tree)
    }

    private func groups(where isWanted: (IOMMUGroupID) -> Bool) -> [IOMMUGroup] {
        var members: [IOMMUGroupID: [PCIAddress]] = [:]
        let all = readings.functions.span
        for index in all.indices {
            if let group = all[index].iommuGroup, isWanted(group) {
                members[group, default: []].append(all[index].address)
            }
        }
        for (address, group) in readings.unreadable {
            if let group, isWanted(group) { members[group, default: []].append(address) }
        }
        return members.map { IOMMUGroup(id: $0.key, members: $0.value.sorted()) }
    }

    private func withTypes(_ groups: [IOMMUGroup], _ tree: HostTree) -> [IOMMUGroup] {
        guard !groups.isEmpty else { return [] }
        let directory = pb_open_directory(tree.descriptor, SysfsPath.iommuGroups)
        guard directory >= 0 else { return groups }
        defer { pb_close(directory) }
        let pieces = Parallel.map(groups.count, pieceAtLeast: 256) { range in
            let buffer = AttributeBuffer()
            return groups[range].map { group in
                var group = group
                group.domainType = buffer.read(directory, "\(group.id)/type") { bytes in
                    KernelText.string(bytes, KernelText.firstLine(bytes))
                }
                return group
            }
        }
        return pieces.flatMap { $0 }
    }
}
