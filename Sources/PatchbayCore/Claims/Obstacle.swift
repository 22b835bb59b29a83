/// Why a device cannot be handed over. One decision, told three ways: as the reason of a state, as a rejection, and as
/// the refusal of a plan.
package enum Obstacle: Hashable, Sendable {
    case unknown(DeviceKey)
    case bridge(PCIAddress)
    case hub(USBAddress)
    /// The kernel was told to let nobody use what is plugged in there.
    case unauthorized(USBAddress)
    case noIOMMU(Readiness.IOMMU)
    case noInterruptRemapping
    /// The IOMMU is on and has no group for it.
    case noGroup(PCIAddress)
    /// The inventory does not describe the whole group.
    case unreadGroup(IOMMUGroupID)
    case noVFIO
    /// The firmware wants memory of it mapped one to one (RMRR), and the kernel refuses to assign such a device.
    case reservedMemory(IOMMUGroupID, ReservedRegion)
    /// At its address, or a mate's, was another device when that was lent or bound.
    case stranger(DeviceKey, Recognition)
    /// It was for one use, and nobody has returned it.
    case quarantined(DeviceKey, Quarantine)
    /// It does not answer, or a mate does not.
    case silent(PCIAddress, Silence)
    case hostUse(DeviceKey, HostUse)
    case mateUse(mate: PCIAddress, IOMMUGroupID, HostUse)
    /// Binding a PF with virtual functions to vfio-pci fails in the kernel with `EBUSY`.
    case virtualFunctions(of: PCIAddress)
    case mateHeld(mate: PCIAddress, IOMMUGroupID, by: ClaimOwner)
    /// Somebody has what it is plugged into and goes along with, or what is plugged into it, or into a mate, and would lose
    /// that.
    case rivalHeld(DeviceKey, of: DeviceKey, by: ClaimOwner)
    /// A domain that is off would take it at its next start.
    case defined(DeviceKey, vm: String)

    /// One sentence, read beside the device.
    func reason(for device: DeviceKey) -> String {
        switch self {
        case .unknown: "It is not in the inventory."
        case .bridge: "PCI bridge: it stays with the host."
        case .hub: "USB hub: it stays with the host. The devices plugged into it can be lent, or its whole controller."
        case .unauthorized(let address): "The host has turned it off: authorized of \(address) is 0."
        case .noIOMMU(let verdict): verdict.sentence
        case .noInterruptRemapping: "Interrupt remapping is off on this host, so the kernel will refuse to assign it."
        case .noGroup: "It has no IOMMU group, so its memory access cannot be confined."
        case .unreadGroup(let group): "The inventory lacks members of its IOMMU group \(group)."
        case .noVFIO: "The host has no vfio-pci driver."
        case .reservedMemory(let group, let region):
            "The firmware reserves memory \(region.range) for IOMMU group \(group), so the kernel will refuse to "
                + "assign it."
        case .stranger(device, let recognition):
            recognition.words.joined(separator: " ")
        case .stranger(let mate, _): "\(mate.short) of its IOMMU group may not be the device that was there before."
        case .quarantined(_, let quarantine): quarantine.sentence
        case .silent(let address, let silence) where address.key == device: "It does not answer: \(silence.words)."
        case .silent(let mate, let silence):
            "It shares its IOMMU group with \(mate.short), which does not answer: \(silence.words)."
        case .hostUse(_, let use): "\(use.severity.sentenceStart) (\(use.sentence))."
        case .mateUse(let mate, let group, let use):
            "It shares IOMMU group \(group) with \(mate.short), which the host \(use.severity.verb) (\(use.sentence))."
        case .virtualFunctions(let address) where address.key == device:
            "It has virtual functions, which would disappear."
        case .virtualFunctions(let parent):
            "It shares its IOMMU group with \(parent.short), which has virtual functions."
        case .mateHeld(let mate, let group, let owner):
            "It shares IOMMU group \(group) with \(mate.short), which \(owner.name) has."
        case .rivalHeld(.pci(let controller), device, let owner):
            "It is plugged into \(controller.short), which \(owner.words) has."
        case .rivalHeld(let rival, device, let owner): "\(owner.words) has \(rival.short), which is plugged into it."
        case .rivalHeld(let rival, let mate, let owner):
            "It shares its IOMMU group with \(mate.short), and \(owner.words) has \(rival.short), which is plugged"
                + " into that."
        case .defined(_, let vm): "VM \(vm) is off and has it in its definition."
        }
    }
}

extension HostUse.Severity {
    fileprivate var sentenceStart: String {
        switch self {
        case .critical: "Needed by the host"
        case .inUse: "In use by the host"
        case .dataAtRisk: "Data at risk: a guest could overwrite what lies on it"
        case .unknown: "It could not be determined whether the host needs it"
        }
    }

    var verb: String {
        switch self {
        case .critical: "needs"
        case .inUse: "uses"
        case .dataAtRisk: "has data on"
        case .unknown: "may need"
        }
    }
}
