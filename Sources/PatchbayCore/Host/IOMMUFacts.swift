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

/// Memory that a group's devices must map one to one, or may not use. A line of `reserved_regions`.
package struct ReservedRegion: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable {
        /// RMRR that cannot be relaxed: assignment will be refused by the kernel.
        case direct
        case directRelaxable = "direct-relaxable"
        case reserved
        case msi
    }
    package var start: UInt64
    package var end: UInt64
    package var kind: Kind

    package init(start: UInt64, end: UInt64, kind: Kind) {
        self.start = start
        self.end = end
        self.kind = kind
    }
}
