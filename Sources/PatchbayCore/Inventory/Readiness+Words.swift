extension Readiness.IOMMU {
    /// What is the matter, in one sentence.
    package var sentence: String {
        switch self {
        case .offInFirmware: "The IOMMU is off in the firmware, or the board has none."
        case .offInKernel: "The firmware offers an IOMMU, but the kernel did not turn it on."
        case .emptyGroups: "The IOMMU is there, but the kernel made no groups: it is misconfigured."
        case .active: "The IOMMU is on."
        }
    }

    /// What to turn on, one step a line; empty when nothing is missing.
    package var next: [String] {
        switch self {
        case .offInFirmware:
            [
                "In the firmware setup turn on VT-d (Intel) or AMD-Vi/IOMMU (AMD), and VT-x or SVM; names differ per vendor,"
                    + " the board's manual has them.",
                "Then reboot the host.",
            ]
        case .offInKernel:
            [
                "Add intel_iommu=on (Intel) to the kernel command line, or remove amd_iommu=off, intel_iommu=off and"
                    + " iommu=off from it.",
                "Then reboot the host.",
            ]
        case .emptyGroups:
            [
                "Look for DMAR or AMD-Vi errors in the kernel log: dmesg | grep -iE 'dmar|amd-vi|iommu'",
                "Update the firmware, or turn its IOMMU off and on again, then reboot the host.",
            ]
        case .active: []
        }
    }
}
