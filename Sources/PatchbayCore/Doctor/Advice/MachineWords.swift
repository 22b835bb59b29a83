/// What things are called on one kind of machine: the only place that has words of a maker.
struct MachineWords: Sendable {
    /// `Intel VT-d`
    let iommu: String
    /// `VT-x`
    let virtualization: String
    /// For `grep -iE` over the kernel log.
    let logWords: String
    /// Whether there is a firmware setup in which such a thing is turned on.
    let hasSetup: Bool

    private init(_ iommu: String, _ virtualization: String, log: String, hasSetup: Bool) {
        self.iommu = iommu
        self.virtualization = virtualization
        logWords = log
        self.hasSetup = hasSetup
    }

    /// - Parameters:
    ///   - maker: of the processor; nil: what machine it is cannot be told.
    ///   - unit: of the IOMMU. A virtual machine may have one of another maker.
    static func of(_ maker: Patient.Maker?, unit: Patient.Maker?) -> MachineWords {
        let (machine, table) = (of(maker), of(unit))
        return MachineWords(table.iommu, machine.virtualization, log: table.logWords, hasSetup: machine.hasSetup)
    }

    private static func of(_ maker: Patient.Maker?) -> MachineWords {
        switch maker {
        case .intel: MachineWords("Intel VT-d", "VT-x", log: "dmar|iommu", hasSetup: true)
        case .amd: MachineWords("AMD-Vi", "AMD-V (SVM)", log: "amd-vi|iommu", hasSetup: true)
        case .arm: MachineWords("Arm SMMU", "CPU virtualization", log: "smmu|iommu", hasSetup: true)
        case .power:
            MachineWords("TCE of the PCI host bridges", "CPU virtualization", log: "tce|iommu", hasSetup: false)
        case .mainframe: MachineWords("s390 IOMMU", "SIE", log: "zpci|iommu", hasSetup: false)
        case .other, nil: MachineWords("IOMMU", "CPU virtualization", log: "iommu", hasSetup: true)
        }
    }
}

extension Patient {
    enum Maker { case intel, amd, arm, power, mainframe, other }

    var words: MachineWords { MachineWords.of(maker, unit: iommuMaker) }

    /// Whose IOMMU it is: by the firmware's table, else by the units' names, else that of the processor's maker. QEMU has
    /// Intel's for every guest, on AMD's processors, too. nil: cannot be told.
    ///
    /// Names are given by the drivers: `dmar0` (`drivers/iommu/intel/dmar.c`), `ivhd0` (`drivers/iommu/amd/init.c`).
    var iommuMaker: Maker? {
        let facts = platform.iommu
        if facts.firmwareTables.contains("DMAR") || facts.units.contains(where: { $0.hasPrefix("dmar") }) {
            return .intel
        }
        if facts.firmwareTables.contains("IVRS") || facts.units.contains(where: { $0.hasPrefix("ivhd") }) {
            return .amd
        }
        if facts.firmwareTables.contains("IORT") { return .arm }
        return facts.firmwareTables.contains("VIOT") ? .other : maker
    }

    /// Of the processor: by its own name, else by the firmware's table, else by the bridges of the board. nil: cannot be
    /// told.
    var maker: Maker? {
        switch platform.cpu.vendor {
        case "GenuineIntel": return .intel
        case "AuthenticAMD", "HygonGenuine": return .amd
        default: break
        }
        switch architecture {
        case .arm: return .arm
        case .power: return .power
        case .mainframe: return .mainframe
        case .riscv, .loongarch: return .other
        case .x86, nil: break
        }
        let tables = platform.iommu.firmwareTables
        if tables.contains("DMAR") { return .intel }
        if tables.contains("IVRS") { return .amd }
        if tables.contains("IORT") { return .arm }
        let bridges = rootBridges
        if bridges.contains(0x8086) { return .intel }
        return bridges.contains(0x1022) || bridges.contains(0x1d94) ? .amd : nil
    }

    /// Told, or else by who made the bridges of the board. nil: cannot be told.
    var architecture: Architecture? {
        if let told = platform.cpu.architecture { return told }
        let known = Set(rootBridges.compactMap { Architecture(rootBridge: $0) })
        return known.count == 1 ? known.first : nil
    }

    /// The makers of bridges on root buses.
    private var rootBridges: Set<UInt16> {
        let bridges = inventory.functions.filter { $0.deviceClass.base == 0x06 }
        let roots = bridges.filter {
            $0.deviceClass.baseAndSub == 0x0600 || $0.topologyPath.split(separator: "/").count == 2
        }
        return Set(roots.map(\.id.vendor))
    }

    /// Xen has the hardware, and this Linux serves it.
    var isXenControl: Bool { platform.hypervisor == .xenControl }

    /// The hypervisor that this host is a guest of. nil: none, as far as it is told.
    var outerHypervisor: HostHypervisor? {
        if let told = platform.hypervisor { return told.isGuest ? told : nil }
        return platform.cpu.isGuest == true ? .other : nil
    }

    var isGuest: Bool { outerHypervisor != nil }
}
