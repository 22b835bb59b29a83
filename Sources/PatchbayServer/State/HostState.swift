import PatchbayCore

/// Everything the store says about one host, decoded.
struct HostState: Sendable {
    var record: HostRecord?
    /// Put together of the pieces below; the one before as long as a piece of the next one is missing.
    private(set) var inventory: Inventory? { didSet { memory = HostMemory(after: memory) } }
    /// What was worked out of the inventory alone.
    private(set) var memory = HostMemory()
    private(set) var head: InventoryHead?
    private(set) var pieces: [String: InventoryPart] = [:]
    var domains: [Domain]?
    /// nil: nobody has said anything of it.
    var settings: HostSettings?
    var allocations: [DeviceKey: Allocation] = [:]
    var bindings: [DeviceKey: Binding] = [:]
    var quarantines: [DeviceKey: Quarantine] = [:]
    var claims: [String: Claim] = [:]
    /// Disks that its VMs have written on, by VM.
    var written: [String: [DeviceIdentity]] = [:]
    /// What its VMs know of its devices, by VM.
    var known: [String: [KnownDevice]] = [:]
    var plans: [String: PlanRecord] = [:]
    /// What is stored of what it told last and cannot be read, by key.
    var untold: [String: Problem] = [:]
    /// Grows with every change of the above: what was derived from an older one is stale.
    var version = 0

    /// Plans that are not over, in the order they were made.
    var pendingPlans: [PlanRecord] {
        plans.values.filter { !$0.phase.isOver }.sorted { ($0.createdAt, $0.plan.id) < ($1.createdAt, $1.plan.id) }
    }

    /// Why nobody knows how it is; nil: as it was told last.
    var unreadable: Problem? { record?.unreadable?.problem ?? untold.min { $0.key < $1.key }?.value }

    /// Nothing is kept of it any more: it was removed.
    var isForgotten: Bool {
        record == nil && head == nil && pieces.isEmpty && domains == nil && settings == nil && allocations.isEmpty
            && bindings.isEmpty && quarantines.isEmpty && claims.isEmpty && plans.isEmpty
            && untold.isEmpty
    }

    func domain(_ name: String) -> Domain? { domains?.first { $0.name == name } }

    func usage(pools: [Pool]) -> Usage {
        var usage = Usage(
            allocations: allocations, bindings: bindings, claims: claims, domains: domains ?? [],
            quarantines: quarantines, pools: pools)
        usage.written = written
        usage.known = known
        return usage
    }
}

extension HostState {
    /// nil: the inventory was deleted.
    mutating func take(_ head: InventoryHead?) {
        self.head = head
        if head == nil { inventory = nil }
        assemble()
    }

    /// - Returns: whether the inventory is another one now.
    mutating func take(_ piece: InventoryPart?, named name: String) -> Bool {
        pieces[name] = piece
        return piece != nil && head?.parts.contains(name) == true && assemble()
    }

    /// The inventory becomes another one, in a copy that nobody stores.
    mutating func simulate(_ change: (Inventory) -> Inventory) { inventory = inventory.map(change) }

    /// Puts the inventory together when all is here, and drops the pieces of the one before.
    @discardableResult
    private mutating func assemble() -> Bool {
        guard let head, let whole = head.whole(with: pieces) else { return false }
        inventory = whole
        let named = Set(head.parts)
        pieces = pieces.filter { named.contains($0.key) }
        return true
    }
}

extension HostState {
    /// The host as it will be when every plan under way is through: what a new plan has to be made for.
    ///
    /// Step by step the simulator of plans; bindings follow the same rule as when progress is reported.
    func expected(pools: [Pool]) -> (inventory: Inventory, usage: Usage)? {
        guard var inventory else { return nil }
        var usage = usage(pools: pools)
        for record in pendingPlans {
            for (step, progress) in zip(record.plan.steps, record.progress) where !progress.wasTakenBack {
                inventory = inventory.after(step)
            }
            let through = record.plan.steps.map { _ in StepProgress.done(milliseconds: 0) }
            for (address, binding) in record.plan.bindings(after: through) { usage.bindings[address] = binding }
        }
        return (inventory, usage)
    }
}

extension StepProgress {
    /// It does not stand; what was done may be older or newer than the inventory, simulating it again is the same.
    fileprivate var wasTakenBack: Bool {
        switch self {
        case .undone, .failed: true
        case .waiting, .running, .done: false
        }
    }
}
