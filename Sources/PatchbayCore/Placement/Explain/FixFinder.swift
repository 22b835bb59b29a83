/// Looks for small changes that make a wish fit. Each is tried on the fleet before it is told.
///
/// Single changes first; pairs only where no single one helps. At most `mostTrials` placements are tried. Once nobody waits
/// for the answer any more (the task is cancelled), nothing more is tried.
struct FixFinder {
    let wish: PlacementWish
    private let index: FleetIndex
    let world: PlacementWorld
    private let vm: String?

    static let mostTrials = 400
    static let mostClaims = 64
    static let mostHosts = 16
    static let mostFixes = 8

    /// - Parameter vm: whom it is for; nil: no VM.
    init(_ wish: PlacementWish, in index: FleetIndex, for vm: String? = nil, world: PlacementWorld) {
        self.wish = wish
        self.index = index
        self.vm = vm
        self.world = world
    }

    /// The wish and the fleet after a change.
    struct Trial {
        var wish: PlacementWish
        var index: FleetIndex
        /// What was released so far.
        var released: [Claim] = []
        var fits: Bool { (try? index.place(wish)) != nil }
    }

    var fixes: [PlacementFix] {
        let singles = self.singles
        let helpful = singles.filter { !Task.isCancelled && apply([$0]).fits }
        let counts = wish.requests.indices.compactMap { largestCount(of: $0) }
        let sizes = [largestMemory, mostProcessors].compactMap(\.self)
        var found = (helpful + counts + sizes).map { [$0] }
        if found.isEmpty { found = pairs(of: singles) }
        return found.sorted { Self.weight($0) < Self.weight($1) }.prefix(Self.mostFixes).map { fix($0) }
    }

    private var singles: [PlacementFix.Change] {
        var changes: [PlacementFix.Change] = []
        let mandatory = wish.requests.count { !$0.isOptional }
        for request in wish.requests {
            if wish.guest?.hasCells == true {
                changes += (request.numa ?? .legacy).looser.map { .numa(request: request.name, $0) }
            }
            if request.group == .isolate { changes.append(.group(request: request.name)) }
            if request.topology != nil { changes.append(.topology(request: request.name)) }
            if !request.tags.isEmpty { changes.append(.tags(request: request.name)) }
            // Without any request that has to be served there would be nothing to claim.
            if !request.isOptional, mandatory > 1 { changes.append(.optional(request: request.name)) }
        }
        if wish.hosts != .any { changes.append(.anyHost) }
        if let guest = wish.guest {
            changes += guest.pin.looser.map { .pin($0) }
            if guest.hugepageKiB != nil { changes.append(.hugepages) }
        }
        return changes + allowances + ofHosts + releases
    }

    /// What a person could allow the VM, by what it knows of the hosts that it may be on.
    private var allowances: [PlacementFix.Change] {
        guard let vm else { return [] }
        let codes = (wish.namedHosts ?? []).flatMap { index[$0]?.past?.allowable ?? [] }
        return codes.map { .allow($0, vm: vm) }
    }

    /// Hosts that an operator could open or mark.
    private var ofHosts: [PlacementFix.Change] {
        let rows = (0..<index.rows.count).lazy.map { index.rows[$0] }
        let cordoned = rows.filter {
            $0.standing.closed?.code == .cordoned && !world.drained.contains($0.name)
        }.prefix(Self.mostHosts)
        let changes: [PlacementFix.Change] = cordoned.map { .uncordon(host: $0.name) }
        guard wish.guest?.pin.isDedicated == true else { return changes }
        let unmarked = rows.filter { $0.standing.closed == nil && $0.standing.room?.isPinned == false }
        return changes + unmarked.prefix(Self.mostHosts).map { .markPinned(host: $0.name) }
    }

    /// Claims that hold something the wish asks for; those that end soonest first.
    private var releases: [PlacementFix.Change] {
        let pools = Set(wish.requests.compactMap { if case .pool(let pool) = $0.target { pool } else { nil } })
        let devices = Set(wish.requests.compactMap { if case .device(let id) = $0.target { id } else { nil } })
        let holding = world.claims.filter { claim in
            guard let host = claim.host else { return false }
            return claim.units.contains { allocated in
                devices.contains(DeviceID(host: host, key: allocated.unit.primary))
                    || index[host].map { isOf(pools, allocated, $0) } ?? false
            }
        }
        let ordered = holding.sorted { a, b in
            let (left, right) = (a.decision?.expiresAt ?? .max, b.decision?.expiresAt ?? .max)
            return (left, a.terms.priority, a.id) < (right, b.terms.priority, b.id)
        }
        return ordered.prefix(Self.mostClaims).map {
            .release(claim: $0.id, holder: $0.owner.words, until: $0.decision?.expiresAt)
        }
    }

    private func isOf(_ pools: Set<String>, _ allocated: AllocatedUnit, _ standing: HostStanding) -> Bool {
        guard let unit = standing.shape.unit(of: allocated.unit.primary) else { return false }
        return pools.contains { standing.shape.pools[$0]?.units.contains(unit) == true }
    }

    private func pairs(of singles: [PlacementFix.Change]) -> [[PlacementFix.Change]] {
        var pairs: [[PlacementFix.Change]] = []
        var trials = 0
        for (number, first) in singles.enumerated() {
            for second in singles[(number + 1)...] {
                guard trials < Self.mostTrials, pairs.count < Self.mostFixes, !Task.isCancelled else { return pairs }
                trials += 1
                if apply([first, second]).fits { pairs.append([first, second]) }
            }
        }
        return pairs
    }

    func apply(_ changes: [PlacementFix.Change]) -> Trial {
        var trial = Trial(wish: wish, index: index)
        for change in changes { trial.apply(change, world) }
        return trial
    }
}

extension FixFinder {
    /// Fewer fit wherever more do, so the most that fit are found by halving.
    private func largestCount(of number: Int) -> PlacementFix.Change? {
        let request = wish.requests[number]
        guard request.count > 1 else { return nil }
        return largest(in: 1..<request.count) { .count(request: request.name, $0) }
    }

    private var largestMemory: PlacementFix.Change? {
        guard let guest = wish.guest else { return nil }
        let step = max(1, (guest.hugepageKiB ?? 0) / 1024)
        return largest(in: 1..<max(2, guest.memoryMiB / step)) { .memory(MiB: $0.times(step)) }
    }

    private var mostProcessors: PlacementFix.Change? {
        guard let guest = wish.guest, guest.vcpus > 1 else { return nil }
        return largest(in: 1..<guest.vcpus) { .processors($0) }
    }

    private func largest(in range: Range<Int>, _ change: (Int) -> PlacementFix.Change) -> PlacementFix.Change? {
        guard !range.isEmpty, !Task.isCancelled else { return nil }
        return ClosedRange(range).lastFitting { apply([change($0)]).fits }.map(change)
    }
}
