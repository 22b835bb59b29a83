import PatchbayCore

/// Decides by trying everything, and says what a valid assignment is in the plainest words: rules written a second time, so
/// that the engine is not its own judge.
struct PlacementOracle {
    let shape: HostShape
    let free: [Int]
    /// Where the guest sits; nil: it floats.
    let nodes: [NUMANode]?

    init(_ standing: HostStanding, near nodes: [NUMANode]?) {
        shape = standing.shape
        free = shape.units.indices.filter { standing.lendable.contains($0) && !standing.held.contains($0) }
        self.nodes = nodes
    }

    /// Whether a unit may serve a request at all, by name, tags and NUMA node.
    func suits(_ unit: Int, _ request: Request, on host: String) -> Bool {
        switch request.target {
        case .device(let id):
            guard id.host == host, shape.units[unit].members.contains(id.key) else { return false }
        case .pool(let name):
            guard let tagged = shape.pools[name]?.tagged.first(where: { $0.units.contains(unit) }) else { return false }
            for (key, value) in request.tags where tagged.tags.words[key] != value { return false }
        }
        return isNear(unit, request.numa ?? .legacy)
    }

    private func isNear(_ unit: Int, _ policy: NUMAPolicy) -> Bool {
        guard let nodes else { return true }
        let node = shape.units[unit].node
        let isOnNode = node.map(nodes.contains) ?? false
        switch policy {
        case .required: return isOnNode
        case .legacy: return isOnNode || node == nil
        case .preferred: return true
        case .socket:
            guard let node, !isOnNode else { return isOnNode }
            guard nodes.allSatisfy({ shape.sockets[$0]?.isEmpty == false }) else { return false }
            let own = Set(nodes.flatMap { shape.sockets[$0] ?? [] })
            return shape.sockets[node]?.contains(where: own.contains) ?? false
        }
    }

    /// Faults of units that were given to requests; a request that is optional may have none.
    func faults(_ given: [[Int]], _ requests: [Request], on host: String) -> [String] {
        var faults: [String] = []
        for (units, request) in zip(given, requests) {
            if units.count != request.count, !(request.isOptional && units.isEmpty) {
                faults.append("\(request.name) got \(units.count) of \(request.count)")
            }
            faults += units.filter { !free.contains($0) }.map { "\(request.name) got unit \($0), which is not free" }
            faults += units.filter { !suits($0, request, on: host) }.map {
                "\(request.name) got unit \($0), unsuitable"
            }
            if !keepsShape(units, request) { faults.append("\(request.name) got \(units), against its topology") }
        }
        let all = given.flatMap(\.self)
        if Set(all).count != all.count { faults.append("a unit was given twice: \(given)") }
        if !keepsFamilies(all) { faults.append("a physical function was given beside its virtual ones: \(given)") }
        return faults
    }

    private func keepsFamilies(_ units: [Int]) -> Bool {
        let physical = units.compactMap { unit in
            if case .physical(let address)? = shape.units[unit].family { address } else { nil }
        }
        return !units.contains { unit in
            if case .virtual(let parent)? = shape.units[unit].family { physical.contains(parent) } else { false }
        }
    }

    private func keepsShape(_ units: [Int], _ request: Request) -> Bool {
        let cards = units.map { shape.units[$0].card }
        let roots = units.map { shape.units[$0].ports[0] }
        if request.group == .isolate {
            let parents = units.compactMap { unit -> PCIAddress? in
                if case .virtual(let parent)? = shape.units[unit].family { parent } else { nil }
            }
            if Set(parents).count != parents.count { return false }
        }
        switch request.topology {
        case nil: return true
        case .apart?: return Set(cards).count == cards.count
        case .sameCard?: return Set(cards).count <= 1
        case .sameRootComplex?: return Set(roots).count <= 1
        case .sameSwitch?:
            // Below one upstream port: all have it in their way, and there is one.
            let switches = units.map { $0 < 0 ? nil : upstream(of: $0) }
            return units.isEmpty || (switches.allSatisfy { $0 != nil } && Set(switches).count == 1)
        }
    }

    private func upstream(of unit: Int) -> String? {
        let ports = shape.units[unit].ports
        return ports.count < 4 ? nil : ports[0...2].joined(separator: "/")
    }

    /// Whether there is any way to serve all requests that are not optional.
    func isPossible(_ requests: [Request], on host: String) -> Bool {
        let must = requests.filter { !$0.isOptional }
        return search(must[...], taken: [], on: host)
    }

    private func search(_ requests: ArraySlice<Request>, taken: [Int], on host: String) -> Bool {
        guard let request = requests.first else { return keepsFamilies(taken) }
        let able = free.filter { !taken.contains($0) && suits($0, request, on: host) }
        return choose(request.count, able[...], [], request) { units in
            keepsFamilies(taken + units) && search(requests.dropFirst(), taken: taken + units, on: host)
        }
    }

    private func choose(
        _ count: Int, _ able: ArraySlice<Int>, _ chosen: [Int], _ request: Request, _ goOn: ([Int]) -> Bool
    ) -> Bool {
        if count == 0 { return keepsShape(chosen, request) && goOn(chosen) }
        guard able.count >= count, let first = able.first else { return false }
        return choose(count - 1, able.dropFirst(), chosen + [first], request, goOn)
            || choose(count, able.dropFirst(), chosen, request, goOn)
    }
}
