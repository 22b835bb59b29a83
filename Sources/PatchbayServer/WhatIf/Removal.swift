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
        let driven = scenario.driven
        var scenario = scenario
        for lodger in driven { scenario.end(lodger.claim, on: lodger.host) }
        scenario.refresh()
        self.scenario = scenario
        self.now = now
        index = scenario.after.placement
        for lodger in driven { move(lodger) }
        for lodger in scenario.doubtful { judge(lodger) }
        for lodger in scenario.sleepers { wake(lodger) }
        serveQueue()
        impacts.sort { ($0.kind.rank, $0.owner.name, $0.claim ?? "") < ($1.kind.rank, $1.owner.name, $1.claim ?? "") }
    }

    private var after: Fleet { scenario.after }

    /// On its own host where that may be, elsewhere otherwise.
    private mutating func move(_ lodger: Lodger) {
        let index = self.index(for: lodger.claim)
        let home = lodger.wish(on: HostConstraint(names: [lodger.host]))
        guard let found = (try? index.place(home)) ?? (try? index.place(lodger.wish(on: lodger.hosts))) else {
            return impacts.append(lost(lodger, .lost, in: index))
        }
        self.index.take(found.placement, on: found.host, guest: lodger.guest)
        if lodger.claim.owner.kind == .reservation { newPlaces[lodger.claim.id] = found }
        guard !lodger.has(found.placement, on: found.host) else { return }
        impacts.append(impact(lodger, found.host == lodger.host ? .restarts : .moves, found))
    }

    /// It keeps what it has; what it would get at its next start is tried beside everybody else.
    private mutating func judge(_ lodger: Lodger) {
        var fleet = after
        fleet.end(lodger.claim, on: lodger.host)
        fleet.placement = index
        fleet.refreshPlacement()
        let wish = lodger.wish(on: HostConstraint(names: [lodger.host]))
        guard let found = try? fleet.placement.place(wish) else {
            return impacts.append(lost(lodger, .stuckAtRestart, in: fleet.placement, on: wish.hosts))
        }
        guard !lodger.has(found.placement, on: found.host) else { return }
        impacts.append(impact(lodger, .changesAtRestart, found))
    }

    /// A VM that is off: told only where the answer is another than now.
    private mutating func wake(_ lodger: Lodger) {
        let could = scenario.before.standing(for: lodger).map { Self.place(lodger, on: $0) } ?? nil
        guard after.hosts[lodger.host] != nil else {
            let found =
                scenario.before.vms[lodger.claim.owner.name]?.value.spec == nil
                ? nil : try? index.place(lodger.wish(on: .any))
            if could == nil, found == nil { return }
            return impacts.append(found.map { impact(lodger, .moves, $0) } ?? lost(lodger, .stuck, in: index))
        }
        let can = after.standing(for: lodger, in: index).map { Self.place(lodger, on: $0) } ?? nil
        switch (could, can) {
        case (.some, nil):
            impacts.append(lost(lodger, .stuck, in: index, on: HostConstraint(names: [lodger.host])))
        case (nil, .some(let placement)): impacts.append(impact(lodger, .startable, (lodger.host, placement)))
        case (nil, nil), (.some, .some): break
        }
    }

    private static func place(_ lodger: Lodger, on standing: HostStanding) -> HostPlacement? {
        try? standing.place(lodger.wish(on: .any), on: lodger.host)
    }

    /// Claims that wait, in the order of the queue: those that would be served, and are not now.
    private mutating func serveQueue() {
        for claim in after.queue(at: now) where scenario.before.decision(for: claim, at: now) == nil {
            let index = self.index(for: claim)
            guard let found = try? index.place(PlacementWish(claim)) else { continue }
            self.index.take(found.placement, on: found.host, guest: nil)
            impacts.append(impact(Lodger(claim: claim, host: "", guest: nil, units: []), .served, found))
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
        _ lodger: Lodger, _ kind: API.Impact.Kind, _ found: (host: String, placement: HostPlacement)
    ) -> API.Impact {
        let decision = ClaimDecision(host: found.host, units: found.placement.units, seat: found.placement.seat)
        return API.Impact(
            kind, lodger, newHost: found.host, devices: API.ClaimDevice.all(of: decision) { after.describe($0) },
            seat: found.placement.seat)
    }

    private func lost(
        _ lodger: Lodger, _ kind: API.Impact.Kind, in index: FleetIndex, on hosts: HostConstraint? = nil
    ) -> API.Impact {
        guard impacts.count(where: { $0.reason != nil }) < Self.mostExplained else { return API.Impact(kind, lodger) }
        let explanation = Explainer(
            lodger.wish(on: hosts ?? lodger.hosts), in: index, for: lodger.claim.owner.vm,
            world: scenario.world(for: lodger.claim)
        ).explain()
        let reason = explanation.hosts.first?.reason ?? Reason(.gone, "No host can serve it.")
        return API.Impact(
            kind, lodger, reason: reason, fixes: explanation.fixes.prefix(Fleet.mostFixes).map(API.Fix.init))
    }
}

extension API.Impact {
    fileprivate init(
        _ kind: Kind, _ lodger: Lodger, newHost: String? = nil, devices: [API.ClaimDevice] = [],
        seat: GuestSeat? = nil, reason: Reason? = nil, fixes: [API.Fix] = []
    ) {
        self.init(
            kind, owner: API.ClaimOwner(lodger.claim.owner), claim: lodger.claim.id.isEmpty ? nil : lodger.claim.id,
            host: lodger.host.isEmpty ? nil : lodger.host, newHost: newHost, devices: devices,
            seat: seat.map(API.Seat.init), reason: reason.map(API.Reason.init), fixes: fixes)
    }
}

extension API.Impact.Kind {
    /// As the cases stand: what loses most first.
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Fleet {
    /// A host as a VM that is off finds it.
    fileprivate func standing(for lodger: Lodger, in index: FleetIndex? = nil) -> HostStanding? {
        guard
            var standing = hosts[lodger.host]?.standing(
                pools: poolList, floating: floatingNeeds(on: lodger.host), for: lodger.claim.owner.name)
        else { return nil }
        if let placed = index?[lodger.host] {
            standing.held.formUnion(placed.held)
            standing.room = placed.room
        }
        return standing
    }
}
