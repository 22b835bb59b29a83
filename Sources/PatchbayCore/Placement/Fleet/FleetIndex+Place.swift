extension FleetIndex {
    /// The best place in the fleet: devices as near to the guest as anywhere, then what the strategy prefers; among equals
    /// the host with the first name. The same fleet and wish have the same answer, whatever happened before.
    ///
    /// Cost: for each class of hosts that is asked one allotment, which does not depend on the number of hosts. Classes are
    /// asked in the order that the strategy prefers and the first that serves the wish is taken, so mostly one is.
    package func place(_ wish: PlacementWish) throws(NoPlace) -> (host: String, placement: HostPlacement) {
        var search = Search(wantsNear: wish.guest?.hasCells == true && wish.requests.contains { $0.numa != .required })
        if let names = wish.namedHosts { look(for: wish, among: names, &search) } else { look(for: wish, &search) }
        guard let best = search.best else { throw search.why }
        return best
    }

    /// Whether there would be a place if nobody held a device. The more hosts could do it, the less it costs; where none
    /// could, each host is asked that has enough devices of the pools at all.
    package func couldEverPlace(_ wish: PlacementWish) -> Bool {
        if (try? place(wish)) != nil { return true }
        let needed = wish.needed
        guard let names = wish.namedHosts else {
            return (0..<rows.count).contains { couldEverPlace(wish, needed, on: rows[$0]) }
        }
        return names.compactMap { number(of: $0) }.contains { couldEverPlace(wish, needed, on: rows[$0]) }
    }

    private func couldEverPlace(_ wish: PlacementWish, _ needed: [String: Int], on row: HostRow) -> Bool {
        guard row.group != nil, needed.allSatisfy({ row.standing.shape.pools[$0.key]?.units.count ?? 0 >= $0.value }),
            wish.hosts.labels.allSatisfy({ row.standing.labels[$0.key] == $0.value })
        else { return false }
        var standing = row.standing
        standing.held = []
        return (try? standing.place(wish, on: row.name)) != nil
    }

    /// What was found so far.
    private struct Search {
        /// Somewhere else the devices may be nearer to the guest, so the first place that serves the wish is not taken
        /// unless all its devices are on the guest's nodes.
        let wantsNear: Bool
        private(set) var best: (host: String, placement: HostPlacement)?
        /// The first reason that was heard.
        private(set) var why = NoPlace.nowhere
        private var far = 0

        /// So many places are looked at for the sake of nearness; then the first of them is taken, so that the cost does not
        /// grow with a fleet where no place is near.
        private static let mostFar = 64

        init(wantsNear: Bool) { self.wantsNear = wantsNear }

        /// - Returns: nothing better is to be looked for.
        mutating func hear(_ answer: Result<(host: String, placement: HostPlacement), NoPlace>) -> Bool {
            switch answer {
            case .failure(let reason):
                if why == .nowhere { why = reason }
                return false
            case .success(let found) where !wantsNear || found.placement.distance == 0:
                best = found
                return true
            case .success(let found):
                best = best ?? found
                far += 1
                return far == Self.mostFar
            }
        }
    }

    private func look(for wish: PlacementWish, _ search: inout Search) {
        let needed = wish.needed
        let (ledger, least) = leading(needed)
        guard let ledger else { return }
        for (_, candidates) in ledger.buckets(atLeast: least, wish.strategy) {
            for number in candidates {
                guard let group = groups[number], mayServe(group, wish, needed), let first = group.members.first
                else { continue }
                if search.hear(ask(first, wish)) { return }
            }
        }
    }

    /// The pool that the fewest hosts have something of; any unit where no pool is named.
    private func leading(_ needed: [String: Int]) -> (PoolLedger?, least: Int) {
        guard !needed.isEmpty else { return (anywhere, 0) }
        let scarcest = needed.min { a, b in
            let (left, right) = (pools[a.key]?.hosts ?? 0, pools[b.key]?.hosts ?? 0)
            return left != right ? left < right : a.key < b.key
        }
        guard let scarcest else { return (nil, 0) }
        return (pools[scarcest.key], scarcest.value)
    }

    /// What can be told without choosing anything.
    private func mayServe(_ group: HostClass, _ wish: PlacementWish, _ needed: [String: Int]) -> Bool {
        guard wish.hosts.labels.allSatisfy({ group.key.labels[$0.key] == $0.value }) else { return false }
        if let guest = wish.guest, !group.level.mayServe(guest) { return false }
        return needed.count <= 1
            || needed.allSatisfy { (group.shape.pools[$0.key]?.units.count(in: group.key.free) ?? 0) >= $0.value }
    }

    private func ask(
        _ row: Int, _ wish: PlacementWish
    ) -> Result<(host: String, placement: HostPlacement), NoPlace> {
        Result { () throws(NoPlace) in
            (rows[row].name, try rows[row].standing.place(wish, on: rows[row].name))
        }
    }

    private func look(for wish: PlacementWish, among names: [String], _ search: inout Search) {
        let open = names.compactMap { number(of: $0) }.filter { rows[$0].group != nil }
        let free = open.map { rows[$0].standing.free.count }
        let order = open.indices.sorted { a, b in
            guard free[a] != free[b] else { return rows[open[a]].name < rows[open[b]].name }
            return (free[a] < free[b]) == (wish.strategy == .pack)
        }
        for index in order {
            let labels = rows[open[index]].standing.labels
            guard wish.hosts.labels.allSatisfy({ labels[$0.key] == $0.value }) else { continue }
            if search.hear(ask(open[index], wish)) { return }
        }
    }
}
