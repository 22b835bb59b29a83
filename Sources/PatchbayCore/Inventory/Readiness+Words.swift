extension Readiness.IOMMU {
    /// What is the matter, in one sentence.
    package var sentence: String {
        switch self {
        case .offInFirmware: "The IOMMU is off in the firmware, or the board has none."
        case .offInKernel: "The firmware offers an IOMMU, but the kernel did not turn it on."
        case .emptyGroups: "The IOMMU is there, but the kernel made no groups for PCI devices: it is misconfigured."
        case .hidden: "Xen owns the IOMMU: this Linux is its control domain."
        case .active: "The IOMMU is on."
        }
    }

    /// What to turn on, one step a line; empty when nothing is missing.
    package func next(on host: String) -> [NextStep] {
        switch self {
        case .offInFirmware:
            [
                NextStep(
                    "Turn on the IOMMU and CPU virtualization in the firmware's setup. What this host's board calls them",
                    .examine(host: host)),
                "Then reboot the host.",
            ]
        case .offInKernel:
            [
                NextStep("Change the kernel's parameters; to see which, and how on this host", .examine(host: host)),
                "Then reboot the host.",
            ]
        case .emptyGroups:
            [
                "Look for errors in the kernel log:  sudo dmesg | grep -iE 'dmar|amd-vi|smmu|iommu'",
                "Update the firmware, or turn its IOMMU off and on again, then reboot the host.",
            ]
        case .hidden:
            ["Give devices to guests with Xen's own tools, or run the host's Linux on the hardware with KVM."]
        case .active: []
        }
    }
}
