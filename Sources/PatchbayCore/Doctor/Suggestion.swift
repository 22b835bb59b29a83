/// The device that a person would lend first, or why there is none.
///
/// Only what people lend: never a part of the board, nor what holds data, does not answer, is held open by a program, is
/// set aside, or would take another card along.
struct Suggestion: Sendable {
    /// nil: there is none.
    let device: PCIFunction?
    /// One sentence, where there is none.
    let reason: String

    init(_ patient: Patient) {
        let ranked = patient.lendable.compactMap { function -> (rank: Rank, function: PCIFunction)? in
            guard let kind = Kind(function), Self.goesAlone(function, patient) else { return nil }
            let isOnBoard = function.isOnRootBus || kind == .engine
            return (Rank(isOnBoard: isOnBoard, kind: kind), function)
        }
        device = ranked.min { ($0.rank, $0.function.address) < ($1.rank, $1.function.address) }?.function
        reason = Self.reason(patient)
    }

    /// What people lend, what they ask for most first.
    private enum Kind: Int {
        case graphics, accelerator, network, nvme, usb, card, engine

        init?(_ function: PCIFunction) {
            switch (function.deviceClass.base, function.deviceClass.baseAndSub) {
            case (0x03, _): self = .graphics
            case (0x12, _), (_, 0x0b40): self = .accelerator
            case (0x02, _): self = .network
            case (_, 0x0108): self = .nvme
            case (_, 0x0c03): self = .usb
            case (_, 0x0880) where ["ioatdma", "idxd"].contains(function.driver): self = .engine
            // Capture cards, host bus adapters, serial cards, FPGAs: not what the makers of chipsets build in.
            case (0x01, _), (0x04, _), (0x07, _), (_, 0x0c04), (0x0d, _), (0x11, _):
                guard !function.isOnRootBus, ![0x8086, 0x1022].contains(function.id.vendor) else { return nil }
                self = .card
            default: return nil
            }
        }
    }

    private struct Rank: Comparable {
        var isOnBoard: Bool
        var kind: Kind

        static func < (a: Rank, b: Rank) -> Bool {
            (a.isOnBoard ? 1 : 0, a.kind.rawValue) < (b.isOnBoard ? 1 : 0, b.kind.rawValue)
        }
    }

    /// Alone, or with other functions of its own card that nobody uses.
    private static func goesAlone(_ function: PCIFunction, _ patient: Patient) -> Bool {
        // On a VFIO driver it is set aside already, by somebody who knows what for.
        guard !function.isOnVFIO, isQuiet(function, patient),
            let unit = patient.inventory.unit(of: function.address)
        else { return false }
        return unit.companions.allSatisfy { companion in
            guard let mate = companion.pci.flatMap({ patient.inventory[$0] }),
                mate.address.isSameSlot(as: function.address)
            else {
                return false
            }
            // The security processor and what else belongs to the board.
            let isOfBoard = [0x05, 0x06, 0x08, 0x10, 0x11].contains(mate.deviceClass.base)
            return !isOfBoard && isQuiet(mate, patient) && patient.inventory.verdict(of: mate.address) == .free
        }
    }

    private static func isQuiet(_ function: PCIFunction, _ patient: Patient) -> Bool {
        function.silence == nil && (patient.inventory.survey?.holders[function.address] ?? []).isEmpty
    }

    private static func reason(_ patient: Patient) -> String {
        guard patient.lendable.isEmpty else {
            return
                "No device is suggested for lending: the free ones are part of the board, held open, reserved on a VFIO"
                + " driver, or shares its IOMMU group with other devices."
        }
        let told = patient.unlendable.map { "\($0.count) \($0.why)" }
        return told.isEmpty
            ? "No device can be lent." : "No device can be lent: \(told.joined(separator: ", "))."
    }
}

extension Patient {
    /// How many devices stay, by what keeps them, in words that follow a number; in the order of the words.
    var unlendable: [(count: Int, why: String)] {
        var counts: [Keeping: Int] = [:]
        for function in endpoints {
            guard let keeping = keeping(function) else { continue }
            counts[keeping, default: 0] += 1
        }
        return Keeping.allCases.compactMap { keeping in counts[keeping].map { ($0, keeping.words($0)) } }
    }

    /// nil: nothing does.
    private func keeping(_ function: PCIFunction) -> Keeping? {
        guard let obstacle = obstacles[function.address] else { return isSupported ? nil : .unsupported }
        switch obstacle {
        case .hostUse(_, let use):
            switch use.severity {
            case .critical, .inUse: return .host
            case .unknown: return .unknown
            case .dataAtRisk: return .data
            }
        case .silent(function.address, _): return .silence
        case .bridge, .hub: return .host
        case .noIOMMU: return .noIOMMU
        case .noGroup: return .noGroup
        case .noInterruptRemapping, .noVFIO: return .kernel
        case .reservedMemory: return .firmware
        case .virtualFunctions(function.address): return .virtualFunctions
        case .silent, .virtualFunctions, .mateUse, .mateHeld, .unreadGroup: return .group
        case .unknown, .unauthorized, .stranger, .quarantined, .rivalHeld, .defined: return .others
        }
    }
}

/// What keeps devices from being lent, as far as it is counted apart.
private enum Keeping: CaseIterable {
    case host, unknown, data, silence, group, virtualFunctions, noGroup, noIOMMU, firmware, kernel, others, unsupported

    func words(_ count: Int) -> String {
        switch self {
        case .host: "needed by the host"
        case .unknown: "whose use could not be determined"
        case .data: count == 1 ? "with data on it" : "with data on them"
        case .silence: "silent"
        case .group:
            count == 1
                ? "blocked by other members of the IOMMU group"
                : "blocked by other members of their IOMMU groups"
        case .virtualFunctions: "with virtual functions"
        case .noGroup: "without an IOMMU group"
        case .noIOMMU: "without an IOMMU"
        case .firmware: "with memory that the firmware reserves"
        case .kernel: "that the kernel refuses to hand over"
        case .others: "reserved for others"
        case .unsupported: "free, on a host that is not supported"
        }
    }
}

extension PCIFunction {
    /// Built into the processor or the chipset, as far as its place is told.
    fileprivate var isOnRootBus: Bool { topologyPath.split(separator: "/").count == 2 }
}

extension PCIAddress {
    fileprivate func isSameSlot(as other: PCIAddress) -> Bool {
        domain == other.domain && bus == other.bus && slot == other.slot
    }
}
