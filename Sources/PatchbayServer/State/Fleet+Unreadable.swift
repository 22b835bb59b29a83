import PatchbayCore

/// What is stored and cannot be read: it is said, and nothing is decided as if it were not there.
extension Fleet {
    /// Sorted by key.
    var unreadableFindings: [Finding] {
        unreadable.sorted { $0.key < $1.key }.map { key, problem in
            Finding(
                "unreadable-value", .problem, subject: "store \(key)",
                ([problem.detail] + problem.evidence + [Self.consequence(of: key)]).joined(separator: " "),
                next: StatePlace(key)?.isReported == true
                    ? problem.next : ["Look at it, and drop it:  patchbay store drop '\(key)' --dry-run"])
        }
    }

    private static func consequence(of key: String) -> String {
        switch StatePlace(key) {
        case .claim?: "The devices of the claim stay held."
        case .allocation?: "The device counts as held."
        case .binding?: "Patchbay does not know what it did to the device, and leaves it alone."
        case .quarantine?: "The device may have to be cleaned before it is lent."
        case .plan?: "The plan is neither carried out nor taken back."
        case .pool?: "The pool is not there for anybody."
        case .vm?: "The VM is not managed."
        case .turn?: "The VM waits for any plan of its own that is not over."
        case .profile?, .settings?, .host?, .inventory?, .inventoryPart?, .domains?, .queue?, .askers?, .audit?, nil:
            "It counts as not there."
        }
    }
}

extension StatePlace {
    /// The host tells it again by itself.
    var isReported: Bool {
        switch self {
        case .host, .inventory, .inventoryPart, .domains: true
        case .settings, .pool, .profile, .vm, .claim, .allocation, .binding, .quarantine, .plan, .turn, .queue,
            .askers, .audit:
            false
        }
    }
}
