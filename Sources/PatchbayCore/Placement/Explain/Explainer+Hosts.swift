extension Explainer {
    /// What one class of hosts answers.
    private struct Answer {
        var host: String
        var alike: Int
        var reason: Reason?
        /// The request that cannot be served; nil: what is lacking is no device.
        var request: Int?
        /// How many of it are lacking.
        var shortage = 0

        /// The ones that would do first, then those that lack least.
        var rank: (Int, Int, Int, String) {
            (reason == nil ? 0 : 1, request.map { -$0 } ?? 1, shortage, host)
        }
    }

    /// - Parameter served: the host that serves the wish, of which there is nothing to ask; nil: none does.
    func hosts(besides served: String? = nil) -> [HostFit] {
        let answers = (answers(besides: served) + closedAnswers(besides: served)).sorted { $0.rank < $1.rank }
        var fits: [HostFit] = []
        for (number, answer) in answers.enumerated() {
            guard !Task.isCancelled else { return fits }
            // Where the host as a whole is out, its devices are not what is lacking.
            let isTold = number < Self.mostDetailed && (answer.reason == nil || answer.request != nil)
            let devices = isTold ? devices(of: answer.host, answer.request) : []
            let fit = HostFit(host: answer.host, alike: answer.alike, reason: answer.reason, devices: devices)
            let like = fits.firstIndex { $0.reason?.code == answer.reason?.code }
            if number >= Self.mostHosts, let like { fits[like].alike += 1 + answer.alike } else { fits.append(fit) }
        }
        return fits
    }

    private func answers(besides served: String?) -> [Answer] {
        index.classes.flatMap { group -> [Answer] in
            let members = group.members.filter { index.rows[$0].name != served }
            guard let first = members.first else { return [] }
            if let names = wish.namedHosts {
                let named = members.map { index.rows[$0] }.filter { names.contains($0.name) }
                let others = members.count - named.count
                let other = others == 0 ? nil : members.first { !names.contains(index.rows[$0].name) }
                return named.map { answer($0, alike: 0) }
                    + (other.map { [Answer(host: index.rows[$0].name, alike: others - 1, reason: .notNamed)] } ?? [])
            }
            return [answer(index.rows[first], alike: members.count - 1)]
        }
    }

    private func answer(_ row: HostRow, alike: Int) -> Answer {
        var answer = Answer(host: row.name, alike: alike)
        let lacking = wish.hosts.labels.sorted { $0.key < $1.key }.filter { row.standing.labels[$0.key] != $0.value }
        guard lacking.isEmpty else {
            answer.reason = .noLabels(lacking.map { "\($0.key)=\($0.value)" })
            return answer
        }
        do throws(NoPlace) { _ = try row.standing.place(wish, on: row.name) } catch {
            switch error {
            case .request(let number):
                (answer.request, answer.shortage) = (number, shortage(of: number, on: row))
                answer.reason = .lacks(wish.requests[number], had: wish.requests[number].count - answer.shortage)
            case .host(let reason): answer.reason = reason
            case .nowhere: answer.reason = .gone
            }
        }
        return answer
    }

    /// How many of a request are not there, whoever else asks for them; at least one.
    private func shortage(of number: Int, on row: HostRow) -> Int {
        let ask = Ask(wish.requests[number], on: row.standing, named: row.name)
        return max(1, ask.count - ask.eligible.count(in: row.standing.free))
    }

    private func closedAnswers(besides served: String?) -> [Answer] {
        (0..<index.rows.count).compactMap { number in
            let row = index.rows[number]
            guard let reason = row.standing.closed, reason.code != .gone, row.name != served else { return nil }
            return Answer(host: row.name, alike: 0, reason: reason)
        }
    }

    /// The devices that the failing request asks for; where the host serves the wish, what becomes of those it takes.
    private func devices(of host: String, _ request: Int?) -> [DeviceFit] {
        guard let view = world.view(host), let standing = index[host] else { return [] }
        let nodes = nodes(on: standing, host)
        guard let request else {
            guard let found = try? standing.place(wish, on: host) else { return [] }
            return found.units.map {
                DeviceFit(device: DeviceID(host: host, key: $0.unit.primary), request: $0.request, reason: nil)
            }
        }
        let fits = DeviceJudge(view, standing, wish, near: nodes, for: vm).fits(of: request)
        let asked = fits.filter { $0.request != nil }
        return asked.isEmpty ? Array(fits.prefix(Self.mostHosts)) : asked
    }

    /// The nodes that the guest would be tried on first; nil: it floats.
    private func nodes(on standing: HostStanding, _ host: String) -> [NUMANode]? {
        guard let needs = wish.guest, needs.hasCells, let room = standing.room else { return nil }
        let wanted = wish.requests.reduce(into: UnitSet()) {
            $0.formUnion(Ask($1, on: standing, named: host).eligible)
        }
        let near = standing.shape.nodes.mapValues { $0.count(in: wanted) }.filter { $0.value > 0 }
        return room.nodeChoices(needs, near: near).first { _ in true }
    }
}

extension Explainer {
    /// What spoke for the decision.
    ///
    /// - Parameter hosts: all that were asked, the one that was decided for among them.
    func scores(of decision: ClaimDecision, among hosts: [HostFit]) -> [PlacementScore] {
        var scores: [PlacementScore] = []
        if let seat = decision.seat, let standing = index[decision.host] {
            let hood = Neighbourhood(of: seat.cells.map(\.node), on: standing.shape)
            let far = decision.units.filter { allocated in
                standing.shape.unit(of: allocated.unit.primary).map { !hood.affine.contains($0) } ?? false
            }.count
            let nodes = seat.cells.map(\.node.description).joined(separator: ", ")
            scores.append(
                PlacementScore(
                    "numa-distance", far,
                    far == 0
                        ? "All devices are on the guest's NUMA nodes: \(nodes)."
                        : "\(far) of \(decision.units.count) devices are not on the guest's NUMA nodes: \(nodes)."))
        }
        for pool in wish.needed.keys.sorted() {
            guard let standing = index[decision.host], let stock = standing.shape.pools[pool] else { continue }
            let taken = decision.units.filter { $0.pool == pool }.compactMap {
                standing.shape.unit(of: $0.unit.primary)
            }
            let left = stock.units.intersection(standing.free).subtracting(UnitSet(taken)).count
            let why = wish.strategy == .pack ? "the fewest" : "the most"
            scores.append(
                PlacementScore(
                    "free-left", wish.strategy == .pack ? left : -left,
                    "\(left) of pool \(pool) stay free on \(decision.host): \(wish.strategy.rawValue) prefers the "
                        + "host with \(why)."
                ))
        }
        let others = hosts.filter { $0.reason == nil }.reduce(0) { $0 + 1 + $1.alike } - 1
        if others > 0 {
            scores.append(
                PlacementScore(
                    "alternatives", others, "\(others) other \(others == 1 ? "host fits" : "hosts fit") as well."))
        }
        return scores
    }
}

extension HostFit {
    /// The host that serves a claim, with what it has given it.
    init(serving decision: ClaimDecision) {
        let devices = decision.units.map {
            DeviceFit(
                device: DeviceID(host: decision.host, key: $0.unit.primary), request: $0.request, reason: nil)
        }
        self.init(host: decision.host, reason: nil, devices: devices)
    }
}

extension Reason {
    static let notNamed = Reason(.otherHost, "It is not one of the hosts that the claim allows.")

    static func noLabels(_ lacking: [String]) -> Reason {
        Reason(
            .labels,
            "It does not have the \(lacking.count == 1 ? "label" : "labels") \(lacking.joined(separator: ", ")).")
    }

    static func lacks(_ request: Request, had: Int) -> Reason {
        let wanted =
            switch request.target {
            case .pool(let pool): "\(request.count) of pool \(pool)"
            case .device(let id): id.short
            }
        let rest =
            had > 0 && request.count > 1 ? "only \(had) of them are available here" : "it is not available here"
        return Reason(.notEnough, "Request \(request.name) needs \(wanted); \(rest).")
    }
}
