extension FleetIndex {
    /// The largest wish of a kind that still fits somewhere, with its place: as many devices as can be for the first
    /// request that names a pool, then as many vCPUs, then as much memory. nil: it does not fit even as it is.
    ///
    /// What the wish says is the least; what it does not grow in stays as it is.
    package func largest(_ wish: PlacementWish) -> (wish: PlacementWish, host: String, placement: HostPlacement)? {
        var best = wish
        growDevices(&best)
        growProcessors(&best)
        growMemory(&best)
        guard let found = try? place(best) else { return nil }
        return (best, found.host, found.placement)
    }

    private func growDevices(_ wish: inout PlacementWish) {
        let number = wish.requests.firstIndex { if case .pool = $0.target { true } else { false } }
        guard let number, case .pool(let pool) = wish.requests[number].target else { return }
        let most = classes.compactMap { $0.shape.pools[pool]?.units.count(in: $0.key.free) }.max() ?? 0
        grow(&wish, from: wish.requests[number].count, to: most) { $0.requests[number].count = $1 }
    }

    /// No guest has more vCPUs than its host has CPUs: it would only wait for itself.
    private func growProcessors(_ wish: inout PlacementWish) {
        guard let guest = wish.guest else { return }
        grow(&wish, from: guest.vcpus, to: rooms.compactMap(\.cpuCount).max() ?? 0) { $0.guest?.vcpus = $1 }
    }

    private func growMemory(_ wish: inout PlacementWish) {
        guard let guest = wish.guest else { return }
        let piece = guest.pieceMiB
        let most = rooms.map { max($0.freeMiB ?? 0, $0.pagesMiB) }.max() ?? 0
        grow(&wish, from: guest.memoryMiB / piece, to: most / piece) { $0.guest?.memoryMiB = $1.times(piece) }
    }

    private var rooms: [HostRoom] { classes.compactMap(\.key.room) }

    private func grow(
        _ wish: inout PlacementWish, from least: Int, to most: Int, _ set: (inout PlacementWish, Int) -> Void
    ) {
        let known = wish
        func grown(_ number: Int) -> PlacementWish {
            var wish = known
            set(&wish, number)
            return wish
        }
        guard most > least, let best = (least...most).lastFitting({ (try? place(grown($0))) != nil }) else { return }
        wish = grown(best)
    }
}
