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
    /// How many of the steps come first; the rest is a preview, made again of what is read after them. nil: all at once.
    package var firstHalf: Int?
    package var findings: [Finding]
    /// Risks that somebody took for it, by name.
    package var allowed: [Allowance] {
        get { allowances ?? [] }
        set { allowances = newValue.isEmpty ? nil : newValue }
    }
    private var allowances: [Allowance]?
    /// Devices of which it may lose the data without asking: what the VM wrote itself, and what is given back and may have to
    /// be taken again.
    package var overwritable: [DeviceKey] {
        get { overwritten ?? [] }
        set { overwritten = newValue.isEmpty ? nil : newValue }
    }
    private var overwritten: [DeviceKey]?
    /// The identity of the agent that it was made for; nil: any agent of the host.
    package var agent: String?

    package init(
        id: String, host: String, change: Change, title: String, basis: String, steps: [Step], firstHalf: Int? = nil,
        findings: [Finding] = [], allowed: [Allowance] = [], agent: String? = nil
    ) {
        self.id = id
        self.host = host
        self.change = change
        self.title = title
        self.basis = basis
        self.steps = steps
        self.firstHalf = firstHalf
        self.findings = findings
        self.agent = agent
        self.allowed = allowed
    }

    /// True when `undo` could take it back once it is applied: something was changed, and every step has a way back or
    /// needs none. Whoever wants a restart back starts or stops the VM, and devices go into a running VM, or out of it, by asking.
    package var canBeUndone: Bool {
        switch change {
        case .restart, .hotplug, .hotUnplug, .surpriseRemoval: return false
        case .prepare, .release, .start, .stop, .reset, .define, .undefine, .undo: break
        }
        return steps.contains { $0.wayBack != .notNeeded } && steps.allSatisfy { $0.wayBack != .impossible }
    }
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
    case restart(Restart)
    /// Put more of the claim's units into the VM while it runs.
    case hotplug(vm: String, claim: String, units: [DeviceUnit])
    /// Take some of them out while it runs; `giveBack` names those that return to their drivers.
    case hotUnplug(vm: String, claim: String, units: [DeviceUnit], giveBack: [DeviceUnit])
    /// Take out of the VM, while it runs, what was pulled from the host; the claim keeps it.
    case surpriseRemoval(vm: String, claim: String, units: [DeviceUnit])
    /// Press the reset button of a running VM.
    case reset(vm: String)
    case define(GuestSpec)
    case undefine(GuestSpec)
    /// Take back, in reverse, what this plan did.
    case undo(plan: String, steps: [Step])
}

/// A VM is stopped and started again, and its claim is kept in between: nobody else can take what it has.
package struct Restart: Hashable, Codable, Sendable {
    package var vm: String
    /// nil: it holds nothing, before and after.
    package var claim: String?
    /// What it has now and will not have again.
    package var leaving: [DeviceUnit]
    /// Those of `leaving` that return to their drivers.
    package var giveBack: [DeviceUnit]
    /// What it will have, whether it has it now or not.
    package var units: [DeviceUnit]
    package var seat: GuestSeat?
    package var force: Bool

    package init(
        vm: String, claim: String?, leaving: [DeviceUnit] = [], giveBack: [DeviceUnit] = [], units: [DeviceUnit] = [],
        seat: GuestSeat? = nil, force: Bool = false
    ) {
        self.vm = vm
        self.claim = claim
        self.leaving = leaving
        self.giveBack = giveBack
        self.units = units
        self.seat = seat
        self.force = force
    }
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
