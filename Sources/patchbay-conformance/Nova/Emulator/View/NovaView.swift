import PatchbayCore

/// What placement should know of a host's devices, and what a person should.
struct NovaView: Hashable, Sendable {
    /// A device that a guest holds and no `device_spec` matches any more. It is kept until it is given back.
    struct Warning: Hashable, Sendable {
        var address: PCIAddress
        var holder: String

        var sentence: String {
            "No device_spec matches \(address) any more, and \(holder) holds it: it is kept until it is given back."
        }
    }

    var placement: NovaPlacement
    /// Allocations were written that were missing or wrong.
    var isHealed: Bool
    /// By address.
    var warnings: [Warning]

    /// Writes what guests hold of a provider into their allocations.
    mutating func heal(_ draft: NovaProviderDraft, kept: [NovaTrackedDevice], leaving resizing: Set<String>) {
        var held: [String: Int] = [:]
        for device in draft.devices + kept {
            if let holder = device.holder { held[holder, default: 0] += 1 }
        }
        for (holder, amount) in held where !resizing.contains(holder) {
            guard let allocations = placement.allocations[holder],
                allocations[draft.name]?[draft.terms.resourceClass] != amount
            else { continue }
            placement.allocations[holder]?[draft.name, default: [:]][draft.terms.resourceClass] = amount
            isHealed = true
        }
    }
}
