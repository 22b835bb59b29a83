import PatchbayAPI
import PatchbayCore
import PatchbayText

/// How much room there is for guests of one kind in a fleet, a scenario or the real one.
struct RoomQuestion {
    let shape: API.GuestShape
    let count: Int
    let wish: PlacementWish

    /// - Parameter fleet: where its pools, devices and profile are looked up.
    init(_ shape: API.GuestShape, count: Int, in fleet: Fleet) throws(Problem) {
        self.shape = shape
        self.count = count
        var profile: Profile?
        if let name = shape.profile { profile = try fleet.profile(name).value }
        var requests: [Request] = []
        for draft in (profile?.requests ?? []).map(API.RequestDraft.init) + (shape.requests ?? []) {
            requests.append(try fleet.wish(draft, besides: requests, of: "The guest"))
        }
        let guest = try shape.needs(from: profile)
        guard !requests.isEmpty || guest != nil else {
            throw Problem(
                .malformedInput, "The guest requests nothing.",
                next: ["Send \"requests\", \"vcpus\" and \"memoryMiB\", or a \"profile\"."])
        }
        for host in shape.hosts ?? [] where fleet.hosts[host]?.inventory == nil { throw fleet.unknownHost(host) }
        for (name, value) in (shape.labels ?? [:]).sorted(by: { $0.key < $1.key }) { try LabelWords.check(name, value) }
        wish = PlacementWish(
            requests: requests,
            hosts: HostConstraint(names: Set(shape.hosts ?? []).sorted(), labels: shape.labels ?? [:]),
            strategy: shape.strategy ?? .pack, guest: guest)
    }

    /// Pools that it asks for.
    var pools: [String] { wish.requests.compactMap(\.pool) }

    /// Places as many as are wanted; `index` has them then.
    ///
    /// - Parameter isBrief: what would still fit beside them is not asked.
    func answer(in index: inout FleetIndex, _ scenario: Scenario, isBrief: Bool) -> API.Room {
        let hosts = index.fill(with: wish, atMost: count)
        let shares = Dictionary(grouping: hosts, by: \.self).sorted { $0.key < $1.key }
        var room = API.Room(
            wanted: count, placed: hosts.count,
            hosts: shares.map { API.HostShare(host: $0.key, guests: $0.value.count) },
            more: 0, isMore: false, reason: nil, fixes: [], largest: isBrief ? nil : largest(in: index, scenario.after))
        if hosts.count == count {
            guard !isBrief else { return room }
            var rest = index
            room.more = rest.fill(with: wish, atMost: API.WhatIf.mostGuests).count
            room.isMore = room.more == API.WhatIf.mostGuests
        }
        guard room.more == 0 else { return room }
        let owner = Claim(id: "", owner: ClaimOwner(kind: .system, name: "what-if"), requests: [])
        let explanation = Explainer(wish, in: index, world: scenario.world(for: owner)).explain()
        room.reason = explanation.hosts.first?.reason.map(API.Reason.init)
        room.fixes = explanation.fixes.prefix(Fleet.mostFixes).map(API.Fix.init)
        return room
    }

    private func largest(in index: FleetIndex, _ fleet: Fleet) -> API.LargestGuest? {
        guard let (grown, host, placement) = index.largest(wish) else { return nil }
        let growing = grown.requests.first { $0.pool != nil }
        let decision = ClaimDecision(host: host, units: placement.units, seat: placement.seat)
        return API.LargestGuest(
            host: host, pool: growing?.pool, count: growing?.count, vcpus: grown.guest?.vcpus,
            memoryMiB: grown.guest?.memoryMiB, devices: API.ClaimDevice.all(of: decision) { fleet.describe($0) },
            seat: placement.seat.map(API.Seat.init))
    }
}
