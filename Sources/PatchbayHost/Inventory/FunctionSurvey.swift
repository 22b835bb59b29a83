import CPatchbayHost
import PatchbayCore

/// All functions of a tree, with what could not be read of them.
struct FunctionSurvey {
    private(set) var functions: [PCIFunction] = []
    private(set) var findings: [Finding] = []
    private let host: String
    private let locked: Set<PCIAddress>
    /// Groups of functions that say nothing else: they still keep their group mates from being handed over.
    private var groupsOfUnreadable: [PCIAddress: IOMMUGroupID] = [:]
    private var indexByAddress: [PCIAddress: Int] = [:]

    init(host: String, locked: Set<PCIAddress>) {
        self.host = host
        self.locked = locked
    }

    mutating func read(_ tree: HostTree, numa: NUMALayout) {
        let devices = pb_open_directory(tree.descriptor, SysfsPath.pciDevices)
        guard devices >= 0, let listing = DirectoryListing(at: tree.descriptor, SysfsPath.pciDevices) else {
            findings.append(
                Finding(
                    "no-pci", .warning, subject: host, "This tree has no \(SysfsPath.pciDevices): no PCI bus is known.")
            )
            return
        }
        defer { pb_close(devices) }
        var reader = PCIFunctionReader(devices: devices, numa: numa, locked: locked)
        listing.forEach { take($0, &reader) }
        functions.sort { $0.address < $1.address }
        indexByAddress = Dictionary(
            functions.enumerated().map { ($1.address, $0) }, uniquingKeysWith: { first, _ in first })
        numberVirtualFunctions()
        let names = PCINames(for: functions)
        for index in functions.indices { names.name(&functions[index]) }
    }

    private mutating func take(_ name: UnsafePointer<CChar>, _ reader: inout PCIFunctionReader) {
        guard let address = Self.address(name) else {
            findings.append(
                Finding(
                    "unsupported-address", .warning, subject: host,
                    "\"\(String(cString: name))\" is no PCI address that Patchbay can use; the device is left alone.",
                    next: ["Addresses have a domain of up to ffffffff, a slot of up to 1f and a function of up to 7."]))
            return
        }
        if let function = reader.read(name, as: address) {
            functions.append(function)
            return
        }
        groupsOfUnreadable[address] = reader.group(name)
        findings.append(
            Finding(
                "function-unreadable", .warning, subject: "\(host)/\(address)",
                "\(address) does not tell its vendor, device and class; it is left alone.",
                next: ["It may have been removed just now: read the host again."]))
    }

    private static func address(_ name: UnsafePointer<CChar>) -> PCIAddress? {
        let length = pb_find_byte(name, 0, 256, 0)
        return UnsafeRawBufferPointer(start: name, count: length).withMemoryRebound(to: UInt8.self) {
            KernelText.address($0.span, 0..<length)
        }
    }

    /// A virtual function's index is its place among its parent's `virtfn` links. Where the parent is not in the tree,
    /// its functions are counted in the order of their addresses, which is the order they are made in.
    private mutating func numberVirtualFunctions() {
        var places: [PCIAddress: Int] = [:]
        for case .physical(_, _, let children) in functions.map(\.role) {
            for (place, child) in children.enumerated() { places[child] = place }
        }
        var orphans: [PCIAddress: Int] = [:]
        for index in functions.indices {
            guard case .virtual(let parent, _) = functions[index].role else { continue }
            let place = places[functions[index].address] ?? orphans[parent, default: 0]
            if places[functions[index].address] == nil {
                orphans[parent, default: 0] += 1
                findings.append(
                    Finding(
                        "parent-unknown", .note, subject: "\(host)/\(functions[index].address)",
                        "\(functions[index].address) says that \(parent) is its parent, which does not name it."))
            }
            functions[index].role = .virtual(parent: parent, index: place)
        }
    }

    /// The members by what each function says, bridges and unreadable functions included.
    func groups(_ tree: HostTree) -> [IOMMUGroup] {
        var members: [IOMMUGroupID: [PCIAddress]] = [:]
        for function in functions {
            if let group = function.iommuGroup { members[group, default: []].append(function.address) }
        }
        for (address, group) in groupsOfUnreadable { members[group, default: []].append(address) }
        let buffer = AttributeBuffer()
        return members.map { id, members in
            let type = buffer.read(tree.descriptor, "\(SysfsPath.iommuGroup(id.description))/type") { bytes in
                KernelText.string(bytes, KernelText.firstLine(bytes))
            }
            return IOMMUGroup(id: id, members: members.sorted(), domainType: type)
        }
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

    private mutating func add(_ node: String, to address: PCIAddress?) {
        guard let address, let index = indexByAddress[address] else { return }
        functions[index].nodes.append(node)
    }
}
