extension FleetIndex {
    /// What was decided is taken: its devices are held and its guest sits. Nothing else about the host changes.
    package mutating func take(_ placement: HostPlacement, on host: String, guest: GuestNeeds?) {
        guard var standing = self[host] else { return }
        for member in placement.units.flatMap(\.unit.members) {
            if let unit = standing.shape.unit(of: member) { standing.held.insert(unit) }
        }
        if let seat = placement.seat {
            standing.room?.take(seat)
        } else if let guest {
            standing.room?.take(floating: guest)
        }
        set(host, standing)
    }

    /// Places a wish again and again, each beside the ones before it, until it fits nowhere or `limit` is reached.
    ///
    /// - Returns: the hosts that serve it, in the order they were found.
    package mutating func fill(with wish: PlacementWish, atMost limit: Int) -> [String] {
        var hosts: [String] = []
        while hosts.count < limit, let found = try? place(wish) {
            take(found.placement, on: found.host, guest: wish.guest)
            hosts.append(found.host)
        }
        return hosts
    }
}
