import PatchbayCore

/// What must hold for any host and any requests; each case is made of a seed and its number.
struct PlacementCheck {
    private var dice: Dice
    private(set) var faults: [String] = []
    /// What was seen, so that nobody takes silence for success.
    private(set) var seen: Set<Sight> = []

    enum Sight: String, CaseIterable {
        case fits, refused, nearer, optionalLeftOut = "optional left out", fixed, family, topology
    }

    init(seed: UInt64, case number: Int) {
        dice = Dice(seed: seed, case: number)
        checkHost()
        checkFleet()
    }

    private mutating func require(_ isTrue: Bool, _ what: @autoclosure () -> String) {
        if !isTrue { faults.append(what()) }
    }

    /// One host: valid, the same as trying everything, the same again.
    private mutating func checkHost() {
        let host = RandomHostShape(&dice)
        let exact = host.shape.units.flatMap(\.members).map { DeviceID(host: "h", key: $0) }
        let requests = RandomHostShape.requests(&dice, exact: exact)
        let nodes = dice.isOne(in: 3) ? nil : Array(Set((0..<2).map { _ in dice.pick(host.nodes) })).sorted()
        let oracle = PlacementOracle(host.standing, near: nodes)
        let hood = nodes.map { Neighbourhood(of: $0, on: host.shape) }
        let asks = requests.map { Ask($0, of: host.shape, named: "h") }
        let allotter = Allotter(asks, on: host.shape, free: host.standing.free, near: hood)
        let isPossible = oracle.isPossible(requests, on: "h")
        do throws(Allotter.Failure) {
            let allotment = try allotter.allot()
            seen.insert(.fits)
            let given = allotment.units.map { Array($0) }
            faults += oracle.faults(given, requests, on: "h")
            require(isPossible, "served, though there is no way")
            let again = try allotter.allot()
            require(again.units == allotment.units, "not the same again")
            note(given, requests, host.shape)
        } catch {
            seen.insert(.refused)
            require(error != .tooHard, "gave up on a small host")
            require(!isPossible, "refused, though there is a way: \(requests)")
        }
    }

    private mutating func note(_ given: [[Int]], _ requests: [Request], _ shape: HostShape) {
        if zip(given, requests).contains(where: { $0.isEmpty && $1.isOptional }) { seen.insert(.optionalLeftOut) }
        if requests.contains(where: { $0.topology != nil && $0.count > 1 }) { seen.insert(.topology) }
        if given.joined().contains(where: { shape.units[$0].family != nil }) { seen.insert(.family) }
    }

    /// A fleet: the best host of all, whatever happened before; reasons for every no, and fixes that fix.
    private mutating func checkFleet() {
        let fleet = RandomFleet(&dice)
        let wish = fleet.wish(&dice)
        let index = fleet.index
        let found = try? index.place(wish)
        let best = fleet.best(for: wish)
        // Among equals the index goes by name class by class, so the name itself is not compared.
        let isBest = found.map { fleet.isAsGood($0.host, as: best, for: wish) } ?? (best == nil)
        require(isBest, "chose \(found?.host ?? "none"), best is \(best?.name ?? "none")")
        let shuffled = fleet.index(shuffledBy: &dice)
        require((try? shuffled.place(wish))?.placement == found?.placement, "depends on what happened before")
        if let found { checkHolding(found, wish, index) } else { checkExplanation(wish, fleet, index) }
    }

    /// Taking and giving back leaves everything as it was, and nobody gets what is taken.
    private mutating func checkHolding(
        _ found: (host: String, placement: HostPlacement), _ wish: PlacementWish, _ index: FleetIndex
    ) {
        let taken = found.placement.units.flatMap(\.unit.members)
        var after = index
        after.setHeld(taken, on: found.host, true)
        if let next = try? after.place(wish), next.host == found.host {
            let again = next.placement.units.flatMap(\.unit.members)
            require(Set(again).isDisjoint(with: taken), "gave \(again) again")
        }
        after.setHeld(taken, on: found.host, false)
        require((try? after.place(wish))?.placement == found.placement, "a release does not restore")
        if found.placement.distance == 0, wish.guest != nil { seen.insert(.nearer) }
    }

    private mutating func checkExplanation(_ wish: PlacementWish, _ fleet: RandomFleet, _ index: FleetIndex) {
        let explanation = Explainer(wish, in: index, world: fleet.world).explain()
        require(explanation.decision == nil, "explains what it refuses as fitting")
        require(explanation.hosts.reduce(0) { $0 + 1 + $1.alike } == fleet.hosts.count, "a host is told of not once")
        for host in explanation.hosts {
            require(host.reason?.sentence.isEmpty == false, "\(host.host): no reason")
        }
        for fix in explanation.fixes {
            seen.insert(.fixed)
            guard let (wish, fleet) = fleet.after(fix.changes, wish) else { continue }
            require(fleet.best(for: wish) != nil, "\(fix.sentence) does not help")
        }
    }
}
