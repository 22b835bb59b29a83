extension HostStanding {
    /// Units for all requests and a seat for the guest, or why not.
    ///
    /// Devices first, then CPUs and memory near them: the guest's nodes are tried in the order of the devices that are on
    /// them, and the first that brings all devices as near as can be is taken.
    package func place(_ wish: PlacementWish, on host: String) throws(NoPlace) -> HostPlacement {
        if let reason = past?.hold { throw .host(reason) }
        let asks = wish.requests.map { Ask($0, on: self, named: host) }
        var room = room
        room?.host = host
        guard let needs = wish.guest, needs.hasCells else {
            if let needs = wish.guest, let reason = room?.fits(needs) { throw .host(reason) }
            return placement(wish, try allot(asks, near: nil), seat: nil, distance: 0, on: host)
        }
        guard let room else { throw .host(.unknownRoom(host)) }
        return try place(wish, asks, needs, in: room, on: host)
    }

    private func place(
        _ wish: PlacementWish, _ asks: [Ask], _ needs: GuestNeeds, in room: HostRoom, on host: String
    ) throws(NoPlace) -> HostPlacement {
        if let reason = room.fits(needs) { throw .host(reason) }
        var best: (allotment: Allotment, nodes: [NUMANode], distance: PlacementDistance)?
        var failure: NoPlace?
        for nodes in room.nodeChoices(needs, near: devices(asks)) {
            let hood = Neighbourhood(of: nodes, on: shape)
            if let best, leastDistance(asks, near: hood) >= best.distance { continue }
            do throws(NoPlace) {
                let allotment = try allot(asks, near: hood)
                let distance = allotment.distance(hood, for: asks)
                if let best, best.distance <= distance { continue }
                best = (allotment, nodes, distance)
                if distance == PlacementDistance(needed: 0, optional: 0) { break }
            } catch { failure = failure ?? error }
        }
        guard let best else { throw failure ?? .nowhere }
        guard let seat = room.seat(needs, on: best.nodes) else {
            throw room.reason(for: needs, on: best.nodes).map(NoPlace.host) ?? .nowhere
        }
        return placement(wish, best.allotment, seat: seat, distance: best.distance.needed, on: host)
    }

    /// What cannot be near, whatever is chosen: where the best is no farther, nothing need be tried.
    private func leastDistance(_ asks: [Ask], near hood: Neighbourhood) -> PlacementDistance {
        let near = free.intersection(hood.affine)
        return asks.reduce(into: PlacementDistance(needed: 0, optional: 0)) { least, ask in
            let far = max(0, ask.count - ask.eligible.count(in: near))
            if ask.isOptional { least.optional += far } else { least.needed += far }
        }
    }

    /// How many free units each node has that somebody asks for.
    private func devices(_ asks: [Ask]) -> [NUMANode: Int] {
        let wanted = asks.reduce(into: UnitSet()) { $0.formUnion($1.eligible) }.intersection(free)
        return shape.nodes.compactMapValues { units in
            let count = units.count(in: wanted)
            return count > 0 ? count : nil
        }
    }

    private func allot(_ asks: [Ask], near hood: Neighbourhood?) throws(NoPlace) -> Allotment {
        do { return try Allotter(asks, on: shape, free: free, near: hood).allot() } catch {
            switch error {
            case .unserved(let ask): throw .request(ask)
            case .tooHard: throw .host(.tooHard)
            }
        }
    }

    private func placement(
        _ wish: PlacementWish, _ allotment: Allotment, seat: GuestSeat?, distance: Int, on host: String
    ) -> HostPlacement {
        let units = wish.requests.indices.flatMap { number in
            allotment.units[number].map { allocated($0, for: wish.requests[number]) }
        }
        return HostPlacement(units: units, seat: seat, distance: distance)
    }

    /// A unit that serves a request, with the primary that it means.
    func allocated(_ unit: Int, for request: Request) -> AllocatedUnit {
        switch request.target {
        case .device(let id):
            AllocatedUnit(request: request.name, pool: nil, unit: shape.deviceUnit(unit, primary: id.key))
        case .pool(let name):
            AllocatedUnit(
                request: request.name, pool: name,
                unit: shape.deviceUnit(unit, primary: shape.pools[name]?.primaries[unit]))
        }
    }
}

extension Reason {
    static let tooHard = Reason(
        .tooHard, "Search limit reached before a valid assignment was found.")

    static let gone = Reason(.gone, "It is gone.")

    static func unknownRoom(_ host: String) -> Reason {
        Reason(.cells, "\(host) does not report the CPUs and memory of its NUMA nodes.")
    }
}
