/// A wish that lasts: made when a VM starts, by an outside system, or to keep devices for later; kept until it is over.
package struct Claim: Hashable, Sendable {
    /// What became of it, with what was decided.
    package enum State: Hashable, Sendable {
        /// Nothing fits yet; it is tried again whenever something changes.
        case pending
        /// Devices are reserved; where a VM asked, the plan that hands them over is under way.
        case allocated(ClaimDecision)
        /// The VM runs with them.
        case attached(ClaimDecision)
        /// The VM has stopped; the plan that gives them back is under way.
        case releasing(ClaimDecision)
    }

    /// The name of a state.
    package enum Phase: String, Hashable, Codable, Sendable, CaseIterable {
        case pending, allocated, attached, releasing
    }

    package var id: String
    package var owner: ClaimOwner
    package var requests: [Request]
    package var terms: ClaimTerms
    package var state: State
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var createdAt: Int

    package init(
        id: String, owner: ClaimOwner, requests: [Request], terms: ClaimTerms = ClaimTerms(), state: State = .pending,
        createdAt: Int = 0
    ) {
        self.id = id
        self.owner = owner
        self.requests = requests
        self.terms = terms
        self.state = state
        self.createdAt = createdAt
    }

    package var phase: Phase { state.phase }
    /// nil: it is pending.
    package var decision: ClaimDecision? { state.decision }
    /// The host that serves it; nil: it is pending.
    package var host: String? { decision?.host }
    /// What was decided, one entry a primary.
    package var units: [AllocatedUnit] { decision?.units ?? [] }

    /// Goes on with the same devices: `claim.enter(State.attached)`. One that is pending has none, and stays so.
    package mutating func enter(_ next: (ClaimDecision) -> State) {
        if let decision { state = next(decision) }
    }

    /// Changes what was decided and nothing else; of one that is pending nothing is.
    package mutating func amend(_ change: (inout ClaimDecision) -> Void) {
        guard var decision else { return }
        change(&decision)
        switch state {
        case .pending: break
        case .allocated: state = .allocated(decision)
        case .attached: state = .attached(decision)
        case .releasing: state = .releasing(decision)
        }
    }
}

extension Claim.State {
    package var phase: Claim.Phase {
        switch self {
        case .pending: .pending
        case .allocated: .allocated
        case .attached: .attached
        case .releasing: .releasing
        }
    }

    package var decision: ClaimDecision? {
        switch self {
        case .pending: nil
        case .allocated(let decision), .attached(let decision), .releasing(let decision): decision
        }
    }
}

/// Who a claim is for.
package struct ClaimOwner: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case vm
        /// A system of somebody else's that asks over the API, with its own name for what it does: `slurm/job-17`.
        case system
        /// Nobody yet: the devices are kept for whoever names the claim.
        case reservation
    }

    package var kind: Kind
    package var name: String
    /// Who shares in fairness; nil: the operator.
    package var tenant: String?

    package init(kind: Kind, name: String, tenant: String? = nil) {
        self.kind = kind
        self.name = name
        self.tenant = tenant
    }

    package static func vm(_ name: String) -> ClaimOwner { ClaimOwner(kind: .vm, name: name) }

    /// `VM trainer-01`, `system slurm/job-17`, `reservation night`
    package var words: String {
        switch kind {
        case .vm: "VM \(name)"
        case .system: "system \(name)"
        case .reservation: "reservation \(name)"
        }
    }

    /// nil: it is no VM.
    package var vm: String? { kind == .vm ? name : nil }

    /// How a person gets back what it has.
    package var toEnd: NextStep {
        switch kind {
        case .vm: NextStep("Stop it first", .stopVM(name))
        case .system, .reservation: NextStep("See its claims, and release one", .listClaims(owner: name))
        }
    }
}

/// What a claim says beside what it wants.
package struct ClaimTerms: Hashable, Codable, Sendable {
    package var hosts: HostConstraint
    package var strategy: PlacementStrategy
    /// Higher goes first; 0 where nothing is said.
    package var priority: Int
    /// How long it lasts once it is served, unless it is renewed; nil: until it is released.
    package var leaseSeconds: Int?
    /// Waits in the queue while nothing fits; otherwise it is refused at once.
    package var waits: Bool
    /// The reservation whose devices it may take.
    package var reservation: String?

    package init(
        hosts: HostConstraint = .any, strategy: PlacementStrategy = .pack, priority: Int = 0,
        leaseSeconds: Int? = nil, waits: Bool = false, reservation: String? = nil
    ) {
        self.hosts = hosts
        self.strategy = strategy
        self.priority = priority
        self.leaseSeconds = leaseSeconds
        self.waits = waits
        self.reservation = reservation
    }
}

/// What a claim was given.
package struct ClaimDecision: Hashable, Codable, Sendable {
    package var host: String
    /// One entry a primary. Optional requests that could not be served have none.
    package var units: [AllocatedUnit]
    /// Where the guest sits; nil: it floats, or the claim is for no guest.
    package var seat: GuestSeat?
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var at: Int
    package var expiresAt: Int?

    package init(host: String, units: [AllocatedUnit], seat: GuestSeat? = nil, at: Int = 0, expiresAt: Int? = nil) {
        self.host = host
        self.units = units
        self.seat = seat
        self.at = at
        self.expiresAt = expiresAt
    }
}

/// A unit that serves one request of a claim.
package struct AllocatedUnit: Hashable, Codable, Sendable {
    package var request: String
    /// nil: asked for by address.
    package var pool: String?
    package var unit: DeviceUnit

    package init(request: String, pool: String?, unit: DeviceUnit) {
        self.request = request
        self.pool = pool
        self.unit = unit
    }
}
