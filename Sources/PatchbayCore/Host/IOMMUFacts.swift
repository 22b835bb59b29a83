/// The evidence behind `Readiness.iommu`, and what makes isolation less than it looks.
package struct IOMMUFacts: Hashable, Codable, Sendable {
    /// Of DMAR, IVRS, IORT, VIOT, those in `/sys/firmware/acpi/tables`.
    package var firmwareTables: [String]
    /// Names in `/sys/class/iommu`.
    package var units: [String]
    package var groupCount: Int
    /// Chips named `IR-` in `/proc/interrupts`; nil: not readable.
    package var hasInterruptRemapping: Bool?
    /// Bit 0 of the DMAR table's flags: the platform could; nil: no such table or not readable.
    package var platformCanRemapInterrupts: Bool?
    /// `allow_unsafe_interrupts` of vfio_iommu_type1; nil: not loaded.
    package var allowsUnsafeInterrupts: Bool?
    /// `enable_unsafe_noiommu_mode` of vfio; nil: not loaded.
    package var allowsNoIOMMU: Bool?
    /// The value of `pcie_acs_override=` on the kernel command line: groups look smaller than they are.
    package var acsOverride: String?
    /// Values of in-tree parameters that weaken ACS: `disable_acs_redir=…`, `config_acs=…`.
    package var weakenedACS: [String]

    package init(
        firmwareTables: [String] = [], units: [String] = [], groupCount: Int = 0, hasInterruptRemapping: Bool? = nil,
        platformCanRemapInterrupts: Bool? = nil, allowsUnsafeInterrupts: Bool? = nil, allowsNoIOMMU: Bool? = nil,
        acsOverride: String? = nil, weakenedACS: [String] = []
    ) {
        self.firmwareTables = firmwareTables
        self.units = units
        self.groupCount = groupCount
        self.hasInterruptRemapping = hasInterruptRemapping
        self.platformCanRemapInterrupts = platformCanRemapInterrupts
        self.allowsUnsafeInterrupts = allowsUnsafeInterrupts
        self.allowsNoIOMMU = allowsNoIOMMU
        self.acsOverride = acsOverride
        self.weakenedACS = weakenedACS
    }
}
