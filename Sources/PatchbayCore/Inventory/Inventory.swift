/// One host at one moment: every device, the IOMMU groups, and what the host needs for itself.
///
/// Made by reading a root directory (the live `/`, or a recorded tree); a pure value from then on.
package struct Inventory: Hashable, Codable, Sendable {
    package var host: HostFacts
    package var readiness: Readiness
    /// Sorted by address, each once.
    package var functions: [PCIFunction]
    /// Sorted by number, each once.
    package var groups: [IOMMUGroup]
    /// Sorted by port, each once. Hubs are among them.
    package var usb: [USBDevice]
    /// What the host needs, by device; a device that is not a key is not known to be needed.
    package var hostUses: [DeviceKey: [HostUse]]
    /// nil: only what decisions need was read.
    package var survey: HostSurvey?
    /// What could not be read, and what follows from it; nil: nothing is to be said.
    package var findings: [Finding]?

    package init(
        host: HostFacts, readiness: Readiness, functions: [PCIFunction], groups: [IOMMUGroup],
        usb: [USBDevice] = [], hostUses: [DeviceKey: [HostUse]] = [:], survey: HostSurvey? = nil,
        findings: [Finding]? = nil
    ) {
        self.host = host
        self.readiness = readiness
        self.functions = functions.inOrder(by: \.address)
        self.groups = groups.inOrder(by: \.id)
        self.usb = usb.inOrder(by: \.address)
        self.hostUses = hostUses
        self.survey = survey
        self.findings = findings
    }
}

extension Inventory {
    /// The same as lookups rely on it, whoever told it: lists in the order of their keys, and each key once.
    ///
    /// What our reader makes is so already. What an agent reports, or an earlier server has stored, need not be.
    package var inOrder: Inventory {
        var survey = survey
        if let cells = survey?.platform.numaCells { survey?.platform.numaCells = cells.inOrder(by: \.node) }
        return Inventory(
            host: host, readiness: readiness, functions: functions,
            groups: groups.map { group in
                var group = group
                group.members = group.members.inOrder(by: \.self)
                return group
            }, usb: usb, hostUses: hostUses, survey: survey, findings: findings)
    }
}

extension Array {
    /// Sorted by a key; of elements with the same one the first stays.
    fileprivate func inOrder<Key: Comparable>(by key: (Element) -> Key) -> [Element] {
        if indices.dropFirst().allSatisfy({ key(self[$0 - 1]) < key(self[$0]) }) { return self }
        var kept: [Element] = []
        kept.reserveCapacity(count)
        for element in sorted(by: { key($0) < key($1) }) {
            if let last = kept.last, key(last) == key(element) { continue }
            kept.append(element)
        }
        return kept
    }
}

extension Inventory {
    /// Binary search: `functions` is sorted.
    package func index(of address: PCIAddress) -> Int? {
        var low = 0
        var high = functions.count
        while low < high {
            let middle = (low + high) / 2
            if functions[middle].address < address { low = middle + 1 } else { high = middle }
        }
        return low < functions.count && functions[low].address == address ? low : nil
    }

    /// Puts what was read again of some functions in the place of what was known of them: who is not in `now` is gone.
    ///
    /// - Parameter now: of `addresses`, each once.
    package mutating func replace(_ addresses: Set<PCIAddress>, by now: [PCIFunction]) {
        var gone = addresses
        var new: [PCIFunction] = []
        for function in now {
            gone.remove(function.address)
            if let index = index(of: function.address) { functions[index] = function } else { new.append(function) }
        }
        if gone.contains(where: { index(of: $0) != nil }) { functions.removeAll { gone.contains($0.address) } }
        if !new.isEmpty { functions = (functions + new).inOrder(by: \.address) }
    }

    package subscript(address: PCIAddress) -> PCIFunction? { index(of: address).map { functions[$0] } }

    /// Binary search: `groups` is sorted.
    package func group(_ id: IOMMUGroupID) -> IOMMUGroup? {
        var low = 0
        var high = groups.count
        while low < high {
            let middle = (low + high) / 2
            if groups[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < groups.count && groups[low].id == id ? groups[low] : nil
    }

    package func unit(of address: PCIAddress) -> DeviceUnit? { self[address]?.unit(in: self) }

    package func verdict(of address: PCIAddress) -> HostVerdict { verdict(of: address.key) }

    package func mostSevereUse(of address: PCIAddress) -> HostUse? { mostSevereUse(of: address.key) }
}

/// The machine itself, as far as `/proc` and `/sys` tell without asking anything.
package struct HostFacts: Hashable, Codable, Sendable {
    package var name: String
    /// `/proc/sys/kernel/osrelease`
    package var kernel: String?
    /// `PRETTY_NAME` of `/etc/os-release`
    package var distribution: String?
    package var cpuCount: Int?
    package var memoryMiB: Int?
    /// Sorted.
    package var numaNodes: [NUMANode]
    /// `/proc/cmdline`
    package var kernelCommandLine: String?

    package init(
        name: String, kernel: String? = nil, distribution: String? = nil, cpuCount: Int? = nil, memoryMiB: Int? = nil,
        numaNodes: [NUMANode] = [], kernelCommandLine: String? = nil
    ) {
        self.name = name
        self.kernel = kernel
        self.distribution = distribution
        self.cpuCount = cpuCount
        self.memoryMiB = memoryMiB
        self.numaNodes = numaNodes
        self.kernelCommandLine = kernelCommandLine
    }
}
