extension HostView {
    /// Chooses devices for all requests, or for none. Deterministic: lowest address first.
    ///
    /// - Parameter vm: whom it is for. What its own definition still names is not in its way.
    package func place(_ requests: [Request], for vm: String? = nil) -> Placement {
        let index = vm.map { HostIndex(inventory, usage, ignoringDefinitionOf: $0) } ?? index
        var matching = UnitMatching(requests.map { candidates(for: $0, index: index) })
        for (number, request) in requests.enumerated() {
            for _ in 0..<max(0, request.wantedCount) where !matching.serve(number) {
                return .noFit(request: request, rejections(of: number, in: requests, matching: matching, index: index))
            }
        }
        return .fits(requests.indices.flatMap { allocatedUnits(for: requests[$0], matching.primaries(of: $0)) })
    }

    private func allocatedUnits(for request: Request, _ primaries: [PCIAddress]) -> [AllocatedUnit] {
        let pool: String? =
            switch request.target {
            case .pool(let name): name
            case .device: nil
            }
        return primaries.compactMap { inventory.unit(of: $0) }
            .map { AllocatedUnit(request: request.name, pool: pool, unit: $0) }
    }

    private func candidates(for request: Request, index: HostIndex) -> [UnitMatching.Candidate] {
        var seen: Set<UnitMatching.Resource> = []
        return asked(by: request).compactMap { function in
            guard rejection(of: function, index: index) == nil else { return nil }
            let resource = UnitMatching.Resource(function)
            guard seen.insert(resource).inserted else { return nil }
            return UnitMatching.Candidate(resource: resource, primary: function.address)
        }
    }

    /// The devices that a request speaks of, whether they can be had or not.
    private func asked(by request: Request) -> [PCIFunction] {
        switch request.target {
        case .pool(let name): inventory.functions.filter { pools(of: $0.address).contains(name) }
        case .device(let id):
            id.host == inventory.host.name ? inventory[id.address].map { [$0] } ?? [] : []
        }
    }

    /// Why nobody can have the device; nil: it can be had.
    private func rejection(of function: PCIFunction, index: HostIndex) -> String? {
        let address = function.address
        switch index.holders[address] {
        case .claim(let owner, isAttached: true, _): return "\(owner.words) has it."
        case .domain(let vm): return "VM \(vm) has it."
        case .claim(let owner, isAttached: false, _): return "It is reserved for \(owner.words)."
        case .definition, nil: break
        }
        if let obstacle = index.obstacle(to: function, in: inventory) { return obstacle.reason(for: address) }
        return pools(of: address).isEmpty ? "It is in no pool." : nil
    }
}

extension HostView {
    private func rejections(
        of number: Int, in requests: [Request], matching: UnitMatching, index: HostIndex
    ) -> [Rejection] {
        let request = requests[number]
        let primaries = Set(requests.indices.flatMap { matching.primaries(of: $0) })
        func why(_ function: PCIFunction) -> String {
            if let reason = rejection(of: function, index: index) { return reason }
            guard let other = matching.takenBy[UnitMatching.Resource(function)] else { return "It is not asked for." }
            guard primaries.contains(function.address) else { return "It goes along with a mate of its IOMMU group." }
            return other == number
                ? "It fits, but \(request.wantedCount) are wanted."
                : "It goes to request \(requests[other].name)."
        }
        switch request.target {
        case .device(let id):
            guard id.host == inventory.host.name else {
                return [Rejection(device: id.address, reason: "It is on host \(id.host).")]
            }
            guard let function = inventory[id.address] else {
                return [Rejection(device: id.address, reason: state(of: id.address).reason)]
            }
            return [Rejection(device: id.address, reason: why(function))]
        case .pool(let name):
            let asked = asked(by: request)
            return asked.map { Rejection(device: $0.address, reason: why($0)) } + others(than: name)
        }
    }

    private func others(than pool: String) -> [Rejection] {
        inventory.functions.filter { !pools(of: $0.address).contains(pool) }.map { function in
            let reason =
                function.isBridge
                ? Obstacle.bridge(function.address).reason(for: function.address) : "It is not in pool \(pool)."
            return Rejection(device: function.address, reason: reason)
        }
    }
}

extension Request {
    /// How many primaries it wants; an exact device is one, whatever the count says.
    fileprivate var wantedCount: Int {
        switch target {
        case .pool: count
        case .device: 1
        }
    }
}
