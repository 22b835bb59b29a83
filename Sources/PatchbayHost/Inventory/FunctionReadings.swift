import CPatchbayHost
import PatchbayCore

/// All functions of a tree as their own directories tell them, and which directories told nothing. Kept, so that after
/// an event only what changed is read again.
struct FunctionReadings: Hashable, Sendable {
    /// Sorted by address. Without what only others tell: a place among the parent's virtual functions, interfaces, disks.
    private(set) var functions: [PCIFunction] = []
    private(set) var unreadable: [PCIAddress: IOMMUGroupID?] = [:]
    private(set) var unsupported: Set<String> = []
    /// Addresses for which there are two directories, as a recording may have; one of them is left out. Sorted.
    private(set) var doubled: [PCIAddress] = []
    /// Whether there is a list of functions at all.
    private(set) var isBusKnown = false

    /// On several threads where there are many functions. The same whatever order the file system lists them in.
    init(_ tree: HostTree, numa: NUMALayout, locked: Set<PCIAddress>) {
        let devices = pb_open_directory(tree.descriptor, SysfsPath.pciDevices)
        guard devices >= 0 else { return }
        defer { pb_close(devices) }
        guard let listing = DirectoryListing(at: tree.descriptor, SysfsPath.pciDevices) else { return }
        isBusKnown = true
        var names: [UnsafePointer<CChar>] = []
        listing.forEach { names.append($0) }
        names.sort { pb_compare_names($0, $1) < 0 }
        let pieces = Parallel.map(names.count, pieceAtLeast: 128) { range in
            var reader = PCIFunctionReader(devices: devices, numa: numa, locked: locked)
            return names[range].map { reader.reading($0) }
        }
        functions.reserveCapacity(names.count)
        for piece in pieces {
            for reading in piece { take(reading) }
        }
        sortOnce()
        let list = PCINames(for: functions)
        for index in functions.indices { list.name(&functions[index]) }
    }

    private mutating func take(_ reading: FunctionReading) {
        switch reading {
        case .function(let function): functions.append(function)
        case .unreadable(let address, let group): unreadable.updateValue(group, forKey: address)
        case .unsupported(let name): unsupported.insert(name)
        }
    }

    /// Names with domains of different widths do not come in the order of their addresses.
    private mutating func sortOnce() {
        let isSorted = zip(functions, functions.dropFirst()).allSatisfy { $0.address < $1.address }
        guard !isSorted else { return }
        functions.sort { $0.address < $1.address }
        var unique: [PCIFunction] = []
        unique.reserveCapacity(functions.count)
        for function in functions {
            if function.address == unique.last?.address {
                doubled.append(function.address)
            } else {
                unique.append(function)
            }
        }
        functions = unique
    }
}

extension FunctionReadings {
    /// Reads the named directories again, and nothing else. Returns the addresses they stand for.
    ///
    /// A virtual function's parent tells how many it has: it is read again with it.
    mutating func read(
        again names: Set<String>, _ tree: HostTree, numa: NUMALayout, locked: Set<PCIAddress>
    ) -> Set<PCIAddress> {
        let devices = pb_open_directory(tree.descriptor, SysfsPath.pciDevices)
        guard devices >= 0 else {
            let before = functions.map(\.address)
            self = FunctionReadings(tree, numa: numa, locked: locked)
            return Set(before + functions.map(\.address))
        }
        defer { pb_close(devices) }
        var reader = PCIFunctionReader(devices: devices, numa: numa, locked: locked)
        var touched: Set<PCIAddress> = []
        var waiting = names.sorted()
        while let name = waiting.popLast() {
            let address = PCIFunctionReader.address(name)
            if let address, !touched.insert(address).inserted { continue }
            let before = address.flatMap { self[$0] }
            if let address { unreadable[address] = nil }
            unsupported.remove(name)
            let reading = Self.isListed(devices, name) ? reader.reading(name) : nil
            var now: PCIFunction?
            if case .function(let function)? = reading { now = named(function, before) }
            if let now { put(now) } else if let address { remove(address) }
            if now == nil, let reading { take(reading) }
            for case .virtual(let parent, _)? in [before?.role, now?.role] where !touched.contains(parent) {
                waiting.append(parent.description)
            }
        }
        return touched
    }

    private static func isListed(_ devices: Int32, _ name: String) -> Bool {
        HostTree.link(at: devices, name) != nil || pb_exists(devices, name) == 1
    }

    private mutating func remove(_ address: PCIAddress) {
        if let index = index(of: address) { functions.remove(at: index) }
    }

    /// In the place of what was read of it before.
    private mutating func put(_ function: PCIFunction) {
        if let index = index(of: function.address) {
            functions[index] = function
        } else {
            functions.insert(function, at: place(of: function.address))
        }
    }

    /// That of one that cannot be read, too.
    func group(of address: PCIAddress) -> IOMMUGroupID? {
        index(of: address).map { functions[$0].iommuGroup } ?? unreadable[address] ?? nil
    }

    subscript(address: PCIAddress) -> PCIFunction? { index(of: address).map { functions[$0] } }

    private func index(of address: PCIAddress) -> Int? {
        let place = place(of: address)
        return place < functions.count && functions[place].address == address ? place : nil
    }

    /// Where it is, or would be.
    private func place(of address: PCIAddress) -> Int {
        var low = 0
        var high = functions.count
        while low < high {
            let middle = (low + high) / 2
            if functions[middle].address < address { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// With the names that another function of the same model has; only a new model is looked up in the list.
    private func named(_ function: PCIFunction, _ before: PCIFunction?) -> PCIFunction {
        var function = function
        let isSameModel = { (other: PCIFunction) in
            other.id == function.id && other.subsystem == function.subsystem
                && other.deviceClass == function.deviceClass
        }
        let known = before.flatMap { isSameModel($0) ? $0 : nil } ?? functions.first(where: isSameModel)
        if let known {
            function.vendorName = known.vendorName
            function.deviceName = known.deviceName
            function.subsystemName = known.subsystemName
            function.className = known.className
        } else {
            PCINames(for: [function]).name(&function)
        }
        return function
    }
}
