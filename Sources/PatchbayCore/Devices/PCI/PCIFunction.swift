/// One PCI function of a host, as sysfs shows it. A value: it says what was true when it was read.
///
/// Read from `/sys/bus/pci/devices/<address>`; absent attributes are nil, never 0 or -1.
package struct PCIFunction: Hashable, Codable, Sendable {
    package var address: PCIAddress
    package var id: PCIID
    /// nil: the function has none (bridges) or the tree does not say.
    package var subsystem: PCIID?
    package var deviceClass: PCIClass
    package var revision: UInt8?
    /// From `pci.ids`; nil when the list does not know it.
    package var vendorName: String?
    package var deviceName: String?
    package var subsystemName: String?
    /// Name of the class, from `pci.ids`: "3D controller".
    package var className: String?
    /// The bound kernel driver; nil: driverless.
    package var driver: String?
    /// `driver_override`; nil when the file reads `(null)`.
    package var driverOverride: String?
    /// nil: not behind an active IOMMU.
    package var iommuGroup: IOMMUGroupID?
    /// nil: the platform does not say (sysfs prints -1).
    package var numaNode: NUMANode?
    package var role: PCIRole
    /// The low seven bits of config offset 0x0e: 0 endpoint, 1 PCI-to-PCI bridge, 2 CardBus bridge. nil: not readable.
    package var headerType: UInt8?
    /// Set when it does not answer; nil: it does, or it sleeps and is not asked.
    @OutOfLine package var silence: Silence?
    /// True for a port that says that the link below it is down; nil: it is, or that is not told.
    package var isLinkDown: Bool?
    /// True when the firmware's console is on this display; nil for everything that is no display.
    package var isBootDisplay: Bool?
    package var bars: [BAR]
    /// `reset_method`, in the kernel's order; nil: the kernel does not say (before 5.15).
    package var resetMethods: [String]?
    /// Device and function numbers below the root bus: `pci0000:00/02.0/00.0`. Far more stable than bus numbers.
    package var topologyPath: String
    /// Network interfaces and block devices the function carries, by kernel name: `eth0`, `nvme0n1`.
    package var nodes: [String]
    /// nil: not read yet, or a virtual function, whose capabilities are its parent's.
    @OutOfLine package var details: PCIDetails?

    package init(
        address: PCIAddress, id: PCIID, subsystem: PCIID? = nil, deviceClass: PCIClass, revision: UInt8? = nil,
        vendorName: String? = nil, deviceName: String? = nil, subsystemName: String? = nil, className: String? = nil,
        driver: String? = nil, driverOverride: String? = nil, iommuGroup: IOMMUGroupID? = nil,
        numaNode: NUMANode? = nil, role: PCIRole = .plain, headerType: UInt8? = 0, isBootDisplay: Bool? = nil,
        bars: [BAR] = [], resetMethods: [String]? = nil, topologyPath: String = "", nodes: [String] = [],
        details: PCIDetails? = nil
    ) {
        self.address = address
        self.id = id
        self.subsystem = subsystem
        self.deviceClass = deviceClass
        self.revision = revision
        self.vendorName = vendorName
        self.deviceName = deviceName
        self.subsystemName = subsystemName
        self.className = className
        self.driver = driver
        self.driverOverride = driverOverride
        self.iommuGroup = iommuGroup
        self.numaNode = numaNode
        self.role = role
        self.headerType = headerType
        self.isBootDisplay = isBootDisplay
        self.bars = bars
        self.resetMethods = resetMethods
        self.topologyPath = topologyPath
        self.nodes = nodes
        self.details = details
    }
}

extension PCIFunction {
    package var hasDetails: Bool { _details.isThere }
    package var isSilent: Bool { _silence.isThere }

    /// Without a copy of them.
    package mutating func takeDetails(of other: PCIFunction) { _details = other._details }

    /// Decided by header type where it is known, not by class: an NVSwitch has class 0x0680 and is an endpoint.
    package var isBridge: Bool { headerType.map { $0 != 0 } ?? (deviceClass.baseAndSub == 0x0604) }

    /// What a person calls it: `NVIDIA Corporation A100 PCIe 80GB`, or the ids when pci.ids does not know it.
    package var name: String {
        let device = deviceName ?? className.map { "\($0) \(id)" } ?? "Device \(id)"
        return vendorName.map { "\($0) \(device)" } ?? device
    }
}

/// What a function is to SR-IOV. The words are Nova's; `sriov_*` files and the `physfn` link decide.
package enum PCIRole: Hashable, Codable, Sendable {
    /// type-PCI: no SR-IOV.
    case plain
    /// type-PF: can make virtual functions. `total` is the driver's limit (`sriov_totalvfs`), not the capability's.
    case physical(total: Int, active: Int, virtualFunctions: [PCIAddress])
    /// type-VF: made by `parent`, the `index`-th of it (`virtfn<index>`).
    case virtual(parent: PCIAddress, index: Int)

    package var word: String {
        switch self {
        case .plain: "type-PCI"
        case .physical: "type-PF"
        case .virtual: "type-VF"
        }
    }
}

/// A base address register of a function, from a line of `resource`. Sizes are bytes.
package struct BAR: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable { case io, memory32, memory64 }
    /// 0...5, 6 is the expansion ROM.
    package var index: Int
    package var start: UInt64
    package var size: UInt64
    package var kind: Kind
    package var isPrefetchable: Bool

    package init(index: Int, start: UInt64, size: UInt64, kind: Kind, isPrefetchable: Bool) {
        self.index = index
        self.start = start
        self.size = size
        self.kind = kind
        self.isPrefetchable = isPrefetchable
    }
}
