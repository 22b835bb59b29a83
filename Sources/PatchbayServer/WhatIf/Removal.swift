import PatchbayAPI
import PatchbayCore

/// Everybody whom the changes drive out is placed anew, one beside the other, and it is written down what becomes of them.
struct Removal {
    private let scenario: Scenario
    private let now: Int
    /// The fleet as it would be, with everybody placed.
    private(set) var index: FleetIndex
    private(set) var impacts: [API.Impact] = []
    /// Where reservations were placed anew.
    private var newPlaces: [String: (host: String, placement: HostPlacement)] = [:]

    /// Of so many that find no place it is told why.
    private static let mostExplained = 32

    init(_ scenario: Scenario, at now: Int) {
        let evicted = scenario.evicted
        var scenario = scenario
        for workload in evicted { scenario.end(workload.claim, on: workload.host) }
        scenario.refresh()
        self.scenario = scenario
        self.now = now
        index = scenario.after.placement
        for workload in evicted { move(workload) }
        for workload in scenario.changing { judge(workload) }
        for workload in scenario.poweredOff { wake(workload) }
        serveQueue()
        impacts.sort { ($0.kind.rank, $0.owner.name, $0.claim ?? "") < ($1.kind.rank, $1.owner.name, $1.claim ?? "") }
    }

    private var after: Fleet { scenario.after }

    /// On its own host where that may be, elsewhere otherwise.
    private mutating func move(_ workload: Workload) {
        let index = self.index(for: workload.claim)
        let home = workload.wish(on: HostConstraint(names: [workload.host]))
        guard let found = (try? index.place(home)) ?? (try? index.place(workload.wish(on: workload.hosts))) else {
            return impacts.append(lost(workload, .lost, in: index))
        }
        self.index.take(found.placement, on: found.host, guest: workload.guest)
        if workload.claim.owner.kind == .reservation { newPlaces[workload.claim.id] = found }
        guard !workload.has(found.placement, on: found.host) else { return }
        impacts.append(impact(workload, found.host == workload.host ? .restarts : .moves, found))
    }

    /// It keeps what it has; what it would get at its next start is tried beside everybody else.
    private mutating func judge(_ workload: Workload) {
        var fleet = after
        fleet.end(workload.claim, on: workload.host)
        fleet.placement = index
        fleet.refreshPlacement()
        let wish = workload.wish(on: HostConstraint(names: [workload.host]))
        guard let found = try? fleet.placement.place(wish) else {
            return impacts.append(lost(workload, .stuckAtRestart, in: fleet.placement, on: wish.hosts))
        }
        guard !workload.has(found.placement, on: found.host) else { return }
        impacts.append(impact(workload, .changesAtRestart, found))
    }

    /// A VM that is off: told only where the answer is another than now.
    private mutating func wake(_ workload: Workload) {
        let could = scenario.before.standing(for: workload).map { Self.place(workload, on: $0) } ?? nil
        guard after.hosts[workload.host] != nil else {
            let found =
                scenario.before.vms[workload.claim.owner.name]?.value.spec == nil
                ? nil : try? index.place(workload.wish(on: .any))
            if could == nil, found == nil { return }
            return impacts.append(found.map { impact(workload, .moves, $0) } ?? lost(workload, .stuck, in: index))
        }
        let can = after.standing(for: workload, in: index).map { Self.place(workload, on: $0) } ?? nil
        switch (could, can) {
        case (.some, nil):
            impacts.append(lost(workload, .stuck, in: index, on: HostConstraint(names: [workload.host])))
        case (nil, .some(let placement)): impacts.append(impact(workload, .startable, (workload.host, placement)))
        case (nil, nil), (.some, .some): break
        }
    }

    private static func place(_ workload: Workload, on standing: HostStanding) -> HostPlacement? {
        try? standing.place(workload.wish(on: .any), on: workload.host)
    }

    /// Claims that wait, in the order of the queue: those that would be served, and are not now.
    private mutating func serveQueue() {
        for claim in after.queue(at: now) where scenario.before.decision(for: claim, at: now) == nil {
            let index = self.index(for: claim)
            guard let found = try? index.place(PlacementWish(claim)) else { continue }
            self.index.take(found.placement, on: found.host, guest: nil)
            impacts.append(impact(Workload(claim: claim, host: "", guest: nil, units: []), .served, found))
        }
    }

    /// With what it may take from its reservation free.
    private func index(for claim: Claim) -> FleetIndex {
        guard let lender = claim.terms.reservation else { return index }
        var index = index
        if let moved = newPlaces[lender] {
            index.setHeld(moved.placement.units.flatMap(\.unit.members), on: moved.host, false)
        } else if let host = after.claims[lender]?.host, let state = after.hosts[host] {
            index.setHeld(state.allocations.filter { $0.value.claim == lender }.keys, on: host, false)
        }
        return index
    }
}

extension Removal {
    private func impact(
        _ workload: Workload, _ kind: API.Impact.Kind, _ found: (host: String, placement: HostPlacement)
    ) -> API.Impact {
        let decision = ClaimDecision(host: found.host, units: found.placement.units, seat: found.placement.seat)
        return API.Impact(
            kind, workload, newHost: found.host, devices: API.ClaimDevice.all(of: decision) { after.describe($0) },
            seat: found.placement.seat)
    }

    private func lost(
        _ workload: Workload, _ kind: API.Impact.Kind, in index: FleetIndex, on hosts: HostConstraint? = nil
    ) -> API.Impact {
        guard impacts.count(where: { $0.reason != nil }) < Self.mostExplained else { return API.Impact(kind, workload) }
        let explanation = Explainer(
            workload.wish(on: hosts ?? workload.hosts), in: index, for: workload.claim.owner.vm,
            world: scenario.world(for: workload.claim)
        ).explain()
        let reason = explanation.hosts.first?.reason ?? Reason(.gone, "No host can serve it.")
        return API.Impact(
            kind, workload, reason: reason, fixes: explanation.fixes.prefix(Fleet.mostFixes).map(API.Fix.init))
    }
}

extension API.Impact {
    fileprivate init(
        _ kind: Kind, _ workload: Workload, newHost: String? = nil, devices: [API.ClaimDevice] = [],
        seat: GuestSeat? = nil, reason: Reason? = nil, fixes: [API.Fix] = []
    ) {
        self.init(
            kind, owner: API.ClaimOwner(workload.claim.owner),
            claim: workload.claim.id.isEmpty ? nil : workload.claim.id,
            host: workload.host.isEmpty ? nil : workload.host, newHost: newHost, devices: devices,
            seat: seat.map(API.Seat.init), reason: reason.map(API.Reason.init), fixes: fixes)
    }
}

extension API.Impact.Kind {
    /// As the cases stand: what loses most first.
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Fleet {
    /// A host as a VM that is off finds it.
    fileprivate func standing(for workload: Workload, in index: FleetIndex? = nil) -> HostStanding? {
        guard
            var standing = hosts[workload.host]?.standing(
                pools: poolList, floating: floatingNeeds(on: workload.host), for: workload.claim.owner.name)
        else { return nil }
        if let placed = index?[workload.host] {
            standing.held.formUnion(placed.held)
            standing.room = placed.room
        }
        return standing
    }
}
