import PatchbayCore

/// What the verdict on the IOMMU stands on, and what makes isolation less than it looks.
struct IOMMUReader {
    let tree: HostTree
    let running: KernelParameters
    /// nil: not told.
    let architecture: Architecture?

    /// The tables that describe an IOMMU: of Intel, AMD, Arm, and for guests (ACPI 6.5, table 5.5).
    static let tables = ["DMAR", "IVRS", "IORT", "VIOT"]

    func read() -> IOMMUFacts {
        IOMMUFacts(
            firmwareTables: Self.tables.filter { tree.exists("\(SysfsPath.firmwareTables)/\($0)") },
            units: tree.names(SysfsPath.iommuUnits) ?? [],
            groupCount: (tree.names(SysfsPath.iommuGroups) ?? []).count, hasInterruptRemapping: remapsInterrupts,
            platformCanRemapInterrupts: platformCanRemap,
            allowsUnsafeInterrupts: flag("vfio_iommu_type1", "allow_unsafe_interrupts"),
            allowsNoIOMMU: flag("vfio", "enable_unsafe_noiommu_mode"),
            acsOverride: running.values(of: "pcie_acs_override").last, weakenedACS: weakenedACS)
    }

    /// Chips behind a remapping IOMMU have names that begin with `IR-`; Arm's ITS keeps interrupts apart by itself.
    /// A mainframe checks interrupts of its PCI functions itself, whatever their chip is called. nil: not readable, or chips
    /// of which neither is known.
    private var remapsInterrupts: Bool? {
        if architecture == .mainframe { return true }
        guard let text = tree.text(SysfsPath.interrupts) else { return nil }
        // Chips have these names elsewhere, too, and there they tell nothing.
        let isX86 = architecture == .x86 || architecture == nil
        var knowsChips = false
        for line in text.utf8.split(separator: 0x0a) {
            guard let chip = Self.chip(line) else { continue }
            if chip.hasPrefix("IR-") || chip.hasPrefix("ITS-") { return true }
            if isX86, chip.hasPrefix("IO-APIC") || chip.hasPrefix("PCI-MSI") { knowsChips = true }
        }
        return knowsChips ? false : nil
    }

    /// The first word behind the counts: `24:  0  0  IR-PCI-MSI 32768-edge  nvme0q0`.
    private static func chip(_ line: Substring.UTF8View) -> Substring? {
        guard let colon = line.firstIndex(of: 0x3a),
            let start = line[colon...].firstIndex(where: { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a })
        else { return nil }
        return Substring(line[start...].prefix { $0 != 0x20 })
    }

    /// INTR_REMAP of the flags: Intel VT-d specification, section 8.1.
    private var platformCanRemap: Bool? {
        guard let table = tree.bytes(SysfsPath.remappingTable, atMost: 48), table.count > 37,
            table.starts(with: Array("DMAR".utf8))
        else { return nil }
        return table[37] & 1 == 1
    }

    private func flag(_ module: String, _ name: String) -> Bool? {
        tree.line("\(SysfsPath.moduleParameters(module))/\(name)").map { $0 == "Y" || $0 == "1" }
    }

    /// Parts of `pci=…` that change ACS.
    private var weakenedACS: [String] {
        running.values(of: "pci").flatMap { $0.split(separator: ",") }.map { String($0) }
            .filter { $0.hasPrefix("disable_acs_redir=") || $0.hasPrefix("config_acs=") }
    }
}
