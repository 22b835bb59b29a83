/// Finds units for all asks where there is a way, however the first choice went.
///
/// Who may have which unit is a flow from asks to units, which is solved exactly. What a flow cannot say is decided around
/// it by branching: which card, switch or root complex an ask stays within, and whether a contested physical function is
/// given away whole or in virtual functions. A branch is cut as soon as the flow without those rules cannot serve all.
///
/// **Bound.** At most `limit` flows are solved, each of at most A × U edges (asks, units of the host), so the work is at
/// most limit · A · U · √(A + U) whatever is asked; then the search gives up and says `tooHard`. Without topology policies
/// and without a physical function wanted beside its own virtual ones it takes one flow for the answer, and at most four
/// more an ask to bring each as near as it can be.
struct ExactAllotter {
    private let allotter: Allotter
    private let free: UnitSet
    private var left = limit

    static let limit = 2000

    init(_ allotter: Allotter, free: UnitSet) {
        self.allotter = allotter
        self.free = free
    }

    /// For these asks, as if there were no others.
    func allot(_ numbers: [Int]) throws(Allotter.Failure) -> Allotment {
        var search = self
        let asks = allotter.asks
        var sets = numbers.map { asks[$0].numa.allowed(allotter.hood, asks[$0].eligible.intersection(free)) }
        guard try search.solve(sets, numbers) != nil else {
            throw .unserved(ask: try search.firstUnserved(sets, numbers))
        }
        var stages = numbers.map { _ in NUMAStage.unconstrained }
        for (index, number) in numbers.enumerated() {
            for (stage, first, rest) in asks[number].numa.stages(
                allotter.hood, asks[number].eligible.intersection(free))
            {
                let loosest = sets[index]
                sets[index] = first.union(rest)
                stages[index] = stage
                if try search.solve(sets, numbers) != nil { break }
                sets[index] = loosest
            }
        }
        guard let found = try search.solve(sets, numbers) else { throw .tooHard }
        var picking = Picking(allotter, free: free)
        for (index, number) in numbers.enumerated() { picking.take(found[index], for: number, at: stages[index]) }
        return picking.allotment
    }

    /// The first ask that cannot be served beside the ones before it.
    private mutating func firstUnserved(_ sets: [UnitSet], _ numbers: [Int]) throws(Allotter.Failure) -> Int {
        for count in 1...numbers.count {
            if try solve(Array(sets.prefix(count)), Array(numbers.prefix(count))) == nil { return numbers[count - 1] }
        }
        return numbers[numbers.count - 1]
    }

    /// Chooses domains for the asks from `index` on, then serves all; nil: there is no way.
    private mutating func solve(
        _ sets: [UnitSet], _ numbers: [Int], domainsFrom index: Int = 0
    ) throws(Allotter.Failure) -> [UnitSet]? {
        guard let relaxed = try serve(sets, numbers) else { return nil }
        guard let next = numbers.indices.first(where: { $0 >= index && domains(for: numbers[$0]) != nil }) else {
            return try settleFamilies(sets, numbers, relaxed)
        }
        var tried: Set<UnitSet> = []
        for domain in domains(for: numbers[next]) ?? [] {
            let cut = sets[next].intersection(domain)
            guard cut.count >= allotter.asks[numbers[next]].count, tried.insert(cut).inserted else { continue }
            var narrower = sets
            narrower[next] = cut
            if let found = try solve(narrower, numbers, domainsFrom: next + 1) { return found }
        }
        return nil
    }

    private func domains(for ask: Int) -> [UnitSet]? {
        switch allotter.asks[ask].topology {
        case nil, .apart?: nil
        case .sameCard?: allotter.shape.cards
        case .sameSwitch?: allotter.shape.switches
        case .sameRootComplex?: allotter.shape.roots
        }
    }

    /// No physical function beside its own virtual ones, and no controller beside what is plugged into it: where the flow gave
    /// both away, either is tried without the other.
    private mutating func settleFamilies(
        _ sets: [UnitSet], _ numbers: [Int], _ found: [UnitSet]
    ) throws(Allotter.Failure) -> [UnitSet]? {
        let taken = found.reduce(into: UnitSet()) { $0.formUnion($1) }
        let contested = taken.lazy.compactMap { unit -> (Int, UnitSet)? in
            let dependents = allotter.shape.dependents(of: unit)
            return dependents.isDisjoint(with: taken) ? nil : (unit, dependents)
        }.first
        guard let (unit, dependents) = contested else { return found }
        for without in [dependents, [unit]] {
            let narrower = sets.map { $0.subtracting(without) }
            guard let next = try serve(narrower, numbers) else { continue }
            if let settled = try settleFamilies(narrower, numbers, next) { return settled }
        }
        return nil
    }

    /// One flow: every ask its count out of its set, every unit once, one a card or physical function where that is asked.
    private mutating func serve(_ sets: [UnitSet], _ numbers: [Int]) throws(Allotter.Failure) -> [UnitSet]? {
        guard left > 0 else { throw .tooHard }
        left -= 1
        guard let fixed = fixed(sets, numbers) else { return nil }
        let wanted = numbers.reduce(0) { $0 + allotter.asks[$1].count - allotter.asks[$1].must.count }
        var network = FlowNetwork(nodes: 2 + numbers.count)
        var nodeOf: [Int: Int] = [:]
        var edges: [(edge: Int, index: Int, unit: Int)] = []
        for (index, number) in numbers.enumerated() {
            let ask = allotter.asks[number]
            guard sets[index].count >= ask.count else { return nil }
            network.connect(0, 2 + index, capacity: ask.count - ask.must.count)
            var gates: [Int: Int] = [:]
            let shut = Set(ask.must.compactMap { gate(of: $0, for: ask) })
            for unit in sets[index] where !fixed.contains(unit) {
                var from = 2 + index
                if let gate = gate(of: unit, for: ask) {
                    if shut.contains(gate) { continue }
                    if gates[gate] == nil {
                        gates[gate] = network.addNode()
                        network.connect(from, gates[gate] ?? from, capacity: 1)
                    }
                    from = gates[gate] ?? from
                }
                let node = nodeOf[unit] ?? network.addNode()
                if nodeOf.updateValue(node, forKey: unit) == nil { network.connect(node, 1, capacity: 1) }
                edges.append((network.connect(from, node, capacity: 1), index, unit))
            }
        }
        guard network.maximum(from: 0, to: 1) == wanted else { return nil }
        var found = numbers.map { allotter.asks[$0].must }
        for (edge, index, unit) in edges where network.flow(through: edge) > 0 { found[index].insert(unit) }
        return found
    }

    /// The units that asks have to get; nil: one of them cannot be had, or two want the same, or two of one ask exclude each other.
    private func fixed(_ sets: [UnitSet], _ numbers: [Int]) -> UnitSet? {
        var fixed = UnitSet()
        for (index, number) in numbers.enumerated() {
            let ask = allotter.asks[number]
            guard !ask.must.isEmpty else { continue }
            let gates = ask.must.compactMap { gate(of: $0, for: ask) }
            guard ask.must.isSubset(of: sets[index]), ask.must.isDisjoint(with: fixed), Set(gates).count == gates.count
            else { return nil }
            fixed.formUnion(ask.must)
        }
        return fixed
    }

    /// What of an ask's units only one may be taken of; nil: no such rule.
    private func gate(of unit: Int, for ask: Ask) -> Int? {
        if ask.topology == .apart { return allotter.shape.cardOf[unit] }
        guard ask.group == .isolate, let parent = allotter.shape.units[unit].family?.parent else { return nil }
        return allotter.shape.families[parent]?.children.lowest
    }
}
