import PatchbayAPI
import PatchbayCore

/// One line of the readiness of a host.
struct Check: Sendable, Hashable {
    let mark: String
    let css: String
    let name: String
    let sentence: String

    static func checks(of host: API.Host) -> [Check] {
        let iommu: (Bool, String) =
            switch host.readiness.iommu {
            case .active: (true, "on")
            case .offInFirmware:
                (false, "off in the firmware, or the board has none: turn on VT-d or AMD-Vi, then reboot")
            case .offInKernel:
                (false, "off in the kernel: add intel_iommu=on or iommu=pt to the command line, then reboot")
            case .emptyGroups: (false, "on, but without groups: the kernel log says why")
            }
        let vfio: (Bool, String) =
            host.readiness.vfioLoaded
            ? (true, "vfio-pci loaded")
            : host.readiness.vfioAvailable == false
                ? (false, "vfio-pci is not there: install the kernel's module package")
                : (true, "vfio-pci loaded on demand")
        let agent: (Bool, String) = host.agent.isConnected ? (true, "connected") : (false, "away: start it on the host")
        return [("IOMMU", iommu), ("VFIO", vfio), ("Agent", agent)].map { name, verdict in
            Check(
                mark: verdict.0 ? "✓" : "✕", css: verdict.0 ? "good" : "bad", name: name, sentence: verdict.1)
        }
    }
}
