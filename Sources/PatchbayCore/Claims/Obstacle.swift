/// Why a device cannot be handed over. One decision, told three ways: as the reason of a state, as a rejection, and as
/// the refusal of a plan.
enum Obstacle: Hashable, Sendable {
    case unknown(DeviceKey)
    case bridge(PCIAddress)
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
    case stranger(PCIAddress, Recognition)
    /// It was for one use, and nobody has returned it.
    case quarantined(DeviceKey, Quarantine)
    /// It does not answer, or a mate does not.
    case silent(PCIAddress, Silence)
    case hostUse(PCIAddress, HostUse)
    case mateUse(mate: PCIAddress, IOMMUGroupID, HostUse)
    /// Binding a PF with virtual functions to vfio-pci fails in the kernel with `EBUSY`.
    case virtualFunctions(of: PCIAddress)
    case mateHeld(mate: PCIAddress, IOMMUGroupID, by: ClaimOwner)
    /// A domain that is off would take it at its next start.
    case defined(PCIAddress, vm: String)

    /// One sentence, read beside the device.
    func reason(for device: DeviceKey) -> String {
        switch self {
        case .unknown: "It is not in the inventory."
        case .bridge: "PCI bridge: it stays with the host."
        case .noIOMMU(let verdict): verdict.sentence
        case .noInterruptRemapping: "Interrupts are not remapped on this host: the kernel will refuse to assign it."
        case .noGroup: "The IOMMU has no group for it, so its memory access cannot be confined."
        case .unreadGroup(let group): "Not every member of its IOMMU group \(group) is in the inventory."
        case .noVFIO: "The host has no vfio-pci driver."
        case .reservedMemory(let group, let region):
            "The firmware reserves memory \(region.range) for IOMMU group \(group): the kernel will refuse to assign it."
        case .stranger(let address, let recognition) where address.key == device:
            recognition.words.joined(separator: " ")
        case .stranger(let mate, _): "\(mate.short) of its IOMMU group is not surely the device that was known there."
        case .quarantined(_, let quarantine): quarantine.sentence
        case .silent(let address, let silence) where address.key == device: "It does not answer: \(silence.words)."
        case .silent(let mate, let silence):
            "It goes along with \(mate.short) of its IOMMU group, which does not answer: \(silence.words)."
        case .hostUse(_, let use): "\(use.severity.sentenceStart) (\(use.sentence))."
        case .mateUse(let mate, let group, let use):
            "It shares IOMMU group \(group) with \(mate.short), which the host \(use.severity.verb) (\(use.sentence))."
        case .virtualFunctions(let address) where address.key == device: "It has virtual functions, which would vanish."
        case .virtualFunctions(let parent):
            "It shares its IOMMU group with \(parent.short), which has virtual functions."
        case .mateHeld(let mate, let group, let owner):
            "It shares IOMMU group \(group) with \(mate.short), which \(owner.name) has."
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
        case .unknown: "Nobody can tell whether the host needs it"
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

extension Inventory {
    /// The first thing that stands in the way of a device, most telling first; nil: nothing does.
    ///
    /// - Parameter group: what its whole IOMMU group says; nil where it is in none.
    func obstacle(to function: PCIFunction, group: GroupSummary?) -> Obstacle? {
        let address = function.address
        if function.isBridge { return .bridge(address) }
        if let use = mostSevereUse(of: address) { return .hostUse(address, use) }
        if let silence = function.silence { return .silent(address, silence) }
        guard readiness.iommu == .active else { return .noIOMMU(readiness.iommu) }
        guard !refusesUnremappedInterrupts else { return .noInterruptRemapping }
        guard let id = function.iommuGroup else { return .noGroup(address) }
        guard let group, group.unread == nil else { return .unreadGroup(id) }
        if let region = self.group(id)?.reservedRegions?.first(where: { $0.kind == .direct }) {
            return .reservedMemory(id, region)
        }
        guard readiness.vfioLoaded || readiness.vfioAvailable != false else { return .noVFIO }
        if let (mate, use) = group.critical ?? group.inUse ?? group.unproven ?? group.atRisk {
            return .mateUse(mate: mate, id, use)
        }
        if let (mate, silence) = group.silent { return .silent(mate, silence) }
        if let parent = group.parent { return .virtualFunctions(of: parent) }
        guard let (holder, hold) = group.held else { return nil }
        return holder == address
            ? .defined(address, vm: hold.owner.name) : .mateHeld(mate: holder, id, by: hold.owner)
    }
}
