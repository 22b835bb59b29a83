extension FleetIndex {
    /// The best place in the fleet: devices as near to the guest as anywhere, then what the strategy prefers; among equals
    /// the host with the first name. The same fleet and wish have the same answer, whatever happened before.
    ///
    /// Cost: for each class of hosts that is asked one allotment, which does not depend on the number of hosts. Classes are
    /// asked in the order that the strategy prefers and the first that serves the wish is taken, so mostly one is.
    package func place(_ wish: PlacementWish) throws(NoPlace) -> (host: String, placement: HostPlacement) {
        let isNearWanted = wish.guest?.hasCells == true && wish.requests.contains { $0.numa != .required }
        if isNearWanted, let found = search(wish, atMost: 0).found { return found }
        let answer = search(wish, atMost: .max)
        guard let found = answer.found else { throw answer.why }
        return found
    }

    private typealias Answer = (found: (host: String, placement: HostPlacement)?, why: NoPlace)

    private func search(_ wish: PlacementWish, atMost distance: Int) -> Answer {
        if let names = wish.namedHosts { return search(wish, among: names, atMost: distance) }
        var why = NoPlace.nowhere
        let needed = wish.needed
        let (ledger, least) = leading(needed)
        guard let ledger else { return (nil, why) }
        for (_, candidates) in ledger.buckets(atLeast: least, wish.strategy) {
            for number in candidates {
                guard let group = groups[number], mayServe(group, wish, needed) else { continue }
                guard let first = group.members.first else { continue }
                let answer = ask(first, wish, atMost: distance)
                if answer.found != nil { return answer }
                if why == .nowhere { why = answer.why }
            }
        }
        return (nil, why)
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

    private func ask(_ row: Int, _ wish: PlacementWish, atMost distance: Int) -> Answer {
        do throws(NoPlace) {
            let placement = try rows[row].standing.place(wish, on: rows[row].name)
            return (placement.distance <= distance ? (rows[row].name, placement) : nil, .nowhere)
        } catch { return (nil, error) }
    }

    private func search(_ wish: PlacementWish, among names: [String], atMost distance: Int) -> Answer {
        var why = NoPlace.nowhere
        let open = names.compactMap { number(of: $0) }.filter { rows[$0].group != nil }
        let free = open.map { rows[$0].standing.free.count }
        let order = open.indices.sorted { a, b in
            guard free[a] != free[b] else { return rows[open[a]].name < rows[open[b]].name }
            return (free[a] < free[b]) == (wish.strategy == .pack)
        }
        for index in order {
            let labels = rows[open[index]].standing.labels
            guard wish.hosts.labels.allSatisfy({ labels[$0.key] == $0.value }) else { continue }
            let answer = ask(open[index], wish, atMost: distance)
            if answer.found != nil { return answer }
            if why == .nowhere { why = answer.why }
        }
        return (nil, why)
    }
}
