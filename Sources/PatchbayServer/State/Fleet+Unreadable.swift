import PatchbayCore

/// What is stored and cannot be read: it is said, and nothing is decided as if it were not there.
extension Fleet {
    /// Sorted by key.
    var unreadableFindings: [Finding] {
        unreadable.sorted { $0.key < $1.key }.map { key, problem in
            Finding(
                "unreadable-value", .problem, subject: "store \(key)",
                ([problem.detail] + problem.evidence + [Self.consequence(of: key)]).joined(separator: " "),
                next: waysOutOfReported(key)
                    ?? [NextStep("See what would be lost, then drop it", .previewDrop(key: key))])
        }
    }

    /// Of what a host tells again by itself. Without it nothing would be known of the host, and it would count as empty.
    /// nil: the key is of another kind.
    func waysOutOfReported(_ key: String) -> [NextStep]? {
        guard let place = StatePlace(key), place.isReported, let host = place.hostName else { return nil }
        return [
            NextStep("Make sure that its agent runs, which reports it again", .refreshHost(host)),
            NextStep("Or, if the host is gone for good", .removeHost(host)),
        ]
    }

    private static func consequence(of key: String) -> String {
        switch StatePlace(key) {
        case .claim?: "The devices of the claim stay allocated."
        case .allocation?: "The device counts as allocated."
        case .binding?: "Patchbay does not know the original driver of the device and does not touch it."
        case .quarantine?: "The device has to be cleaned and returned before it is lent."
        case .plan?: "The plan is neither applied nor undone."
        case .pool?: "The pool cannot be used."
        case .vm?: "The VM is not managed and cannot be started."
        case .turn?: "The VM waits until all its plans have ended."
        case .settings?: "The host counts as cordoned."
        case .host?, .inventory?, .inventoryPart?, .domains?:
            "Nothing is planned or placed on the host until it reports."
        case .profile?, .queue?, .askers?, .audit?, nil: "It counts as missing."
        }
    }

    /// What keeps a device or a host from being lent goes on doing so when it cannot be read.
    mutating func close(_ place: StatePlace, _ key: String, because problem: Problem) {
        switch place {
        case .allocation(let id):
            hosts[id.host, default: HostState()].allocations[id.key] = Allocation(
                claim: "", owner: Self.unknownOwner, primary: id.key)
            placement.setHeld([id.key], on: id.host, true)
        case .quarantine(let id):
            hosts[id.host, default: HostState()].quarantines[id.key] = Quarantine(
                claim: "", owner: Self.unknownOwner)
        case .settings(let host): hosts[host, default: HostState()].settings = HostSettings(isCordoned: true)
        case .host(let host), .domains(let host), .inventory(let host), .inventoryPart(_, let host):
            hosts[host, default: HostState()].untold[key] = problem
        case .pool, .profile, .vm, .claim, .binding, .plan, .turn, .queue, .askers, .audit: return
        }
        guard let host = place.hostName else { return }
        hosts[host]?.version += 1
        unplaced.insert(host)
    }

    /// Of what is held, nobody can say by whom.
    static let unknownOwner = ClaimOwner(kind: .system, name: "(stored value cannot be read)")
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
