/// A host change, decided and not yet done: ordered reversible steps, made for one inventory.
package struct Plan: Hashable, Codable, Sendable {
    package var id: String
    package var host: String
    package var change: Change
    /// `Attach atlas/42:00.0 to trainer-02`
    package var title: String
    /// `Inventory.digest` of the inventory it was made for.
    package var basis: String
    package var steps: [Step]
    package var findings: [Finding]

    package init(
        id: String, host: String, change: Change, title: String, basis: String, steps: [Step], findings: [Finding] = []
    ) {
        self.id = id
        self.host = host
        self.change = change
        self.title = title
        self.basis = basis
        self.steps = steps
        self.findings = findings
    }

    /// True when every step has a way back or needs none.
    package var canBeUndone: Bool { steps.allSatisfy { $0.wayBack != .impossible } }
}

/// What somebody wants to happen on a host.
package enum Change: Hashable, Codable, Sendable {
    /// Hand these units to vfio-pci and leave them there.
    case prepare([DeviceUnit])
    /// Give these units back to the drivers they had.
    case release([DeviceUnit])
    /// Hand the claim's units to vfio-pci, put them into the VM, start it on its seat; nil: it floats, or it is not ours to
    /// seat.
    case start(vm: String, claim: String?, units: [DeviceUnit], seat: GuestSeat? = nil)
    /// Stop the VM, take the units out of it; `giveBack` names those that return to their drivers.
    case stop(vm: String, claim: String?, units: [DeviceUnit], giveBack: [DeviceUnit], force: Bool)
    case define(GuestSpec)
    case undefine(GuestSpec)
    /// Take back, in reverse, what this plan did.
    case undo(plan: String, steps: [Step])
}

/// How a plan is going.
package enum PlanPhase: Hashable, Codable, Sendable {
    /// Waits for the host's agent.
    case queued
    case running
    case undoing
    case applied
    case rolledBack(Problem)
    /// `left`: the steps that still stand, in the order they were done.
    case stuck(Problem, left: [Step])

    package var isOver: Bool {
        switch self {
        case .queued, .running, .undoing: false
        case .applied, .rolledBack, .stuck: true
        }
    }

    package var word: String {
        switch self {
        case .queued: "queued"
        case .running: "running"
        case .undoing: "undoing"
        case .applied: "applied"
        case .rolledBack: "rolled-back"
        case .stuck: "stuck"
        }
    }
}

/// How one step of a plan is going.
package enum StepProgress: Hashable, Codable, Sendable {
    case waiting
    case running
    case done(milliseconds: Int)
    case failed(Problem)
    case undone(milliseconds: Int)
}
