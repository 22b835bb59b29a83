/// What the setup of a firmware calls the settings that passthrough needs: names differ from vendor to vendor.
///
/// Collected from the vendors' manuals of current and recent boards. A board may differ from its vendor's others, so every
/// advice also names the board, whose manual has the last word.
struct FirmwareMenu: Hashable, Sendable {
    enum Setting: Sendable { case virtualization, iommu, interruptRemapping, largeBARs }

    /// What people know the vendor by; nil: a firmware that nothing is known about.
    var vendor: String?
    /// How the setup is entered at power-on.
    var key: String
    var intelVirtualization: String
    var intelIOMMU: String
    var amdVirtualization: String
    var amdIOMMU: String
    var largeBARs: String
    /// Board and product by their own names, for the manual.
    var board: String?

    /// The steps for one setting, the reboot included.
    func steps(_ setting: Setting, _ maker: Patient.Maker?) -> [NextStep] {
        if maker == .arm || maker == .other { return boardSteps(names(setting, maker)) }
        let names = names(setting, maker)
        let place = vendor.map { "On \($0) it is likely called" } ?? "Likely names are"
        return [
            "Enter the firmware setup at power-on (\(key)) and turn it on. \(place):  \(names)",
            NextStep(
                "Names differ between models. When in doubt, consult the hardware vendor's "
                    + "manual\(board.map { " of \($0)" } ?? "")."),
        ] + BootRecipe.afterwards
    }

    /// Boards that boot from a device tree have no setup; what servers call it differs little.
    private func boardSteps(_ names: String) -> [NextStep] {
        [
            "In the firmware's setup, if the board has one, turn it on. Likely names are:  \(names)",
            NextStep(
                "If the board has no setup, its device tree decides: consult the vendor's "
                    + "manual\(board.map { " of \($0)" } ?? "")."),
        ] + BootRecipe.afterwards
    }

    private func names(_ setting: Setting, _ maker: Patient.Maker?) -> String {
        switch (setting, maker) {
        case (.virtualization, .intel): intelVirtualization
        case (.virtualization, .amd): amdVirtualization
        case (.iommu, .intel): intelIOMMU
        case (.iommu, .amd): amdIOMMU
        case (.virtualization, .arm), (.virtualization, .power), (.virtualization, .mainframe),
            (.virtualization, .other):
            "Virtualization"
        case (.iommu, .arm): "SMMU, IOMMU, IO Virtualization"
        case (.iommu, .power), (.iommu, .mainframe), (.iommu, .other): "IOMMU, IO Virtualization"
        case (.virtualization, nil): "\(intelVirtualization) (Intel); \(amdVirtualization) (AMD)"
        case (.iommu, nil): "\(intelIOMMU) (Intel); \(amdIOMMU) (AMD)"
        case (.interruptRemapping, .amd): "IOMMU, x2APIC, DMA Protection"
        case (.interruptRemapping, _): "Interrupt Remapping, x2APIC, Intel VT for Directed I/O"
        case (.largeBARs, _): largeBARs
        }
    }

    /// The menu of the board's vendor, else the system's, else the firmware's; else words that any setup may use.
    static func of(_ facts: FirmwareFacts) -> FirmwareMenu {
        let told = [facts.boardVendor, facts.systemVendor, facts.biosVendor].compactMap { $0?.lowercased() }
        let found = told.lazy.compactMap { name in
            table.first { row in row.marks.contains { name.hasPrefix($0) } }
        }.first
        var menu = found?.menu ?? generic
        let names = [facts.boardVendor ?? facts.systemVendor, facts.boardName ?? facts.productName].compactMap { $0 }
        menu.board = names.isEmpty ? nil : names.joined(separator: " ")
        return menu
    }
}
