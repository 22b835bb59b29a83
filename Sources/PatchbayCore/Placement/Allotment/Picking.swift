/// Which of several units that are alike to a request is taken.
package enum PickingOrder: Sendable {
    /// The lowest addresses. What Nova does after a restart.
    case lowest
    /// Those that sit together and leave what is larger whole; the lowest of those.
    case snug
}

/// Units being taken on one host, and what that excludes.
struct Picking {
    private let shape: HostShape
    private let order: PickingOrder
    private(set) var free: UnitSet
    private(set) var allotment: Allotment

    init(_ allotter: Allotter, free: UnitSet) {
        shape = allotter.shape
        order = allotter.order
        self.free = free
        let asks = allotter.asks.count
        allotment = Allotment(
            units: [UnitSet](repeating: [], count: asks), stages: [NUMAStage](repeating: .unconstrained, count: asks))
    }

    mutating func resume(_ earlier: Allotment) {
        for ask in earlier.units.indices { take(earlier.units[ask], for: ask, at: earlier.stages[ask]) }
    }

    mutating func take(_ units: UnitSet, for ask: Int, at stage: NUMAStage) {
        free.subtract(units)
        for unit in units { free.subtract(shape.excluded(by: unit)) }
        allotment.units[ask] = units
        allotment.stages[ask] = stage
    }

    /// The whole count of an ask from `first`, then from `rest`; nil: it cannot be had there by picking in order.
    func pick(_ ask: Ask, first: UnitSet, rest: UnitSet) -> UnitSet? {
        switch ask.topology {
        case nil, .apart?: return pickAnywhere(ask, first: first, rest: rest)
        case .sameCard?: return pick(ask, first, rest, within: shape.cards)
        case .sameSwitch?: return pick(ask, first, rest, within: shape.switches)
        case .sameRootComplex?: return pick(ask, first, rest, within: shape.roots)
        }
    }

    /// In the domain with the fewest that would do: larger ones stay whole.
    private func pick(_ ask: Ask, _ first: UnitSet, _ rest: UnitSet, within domains: [UnitSet]) -> UnitSet? {
        let all = first.union(rest)
        let fitting = domains.map { (domain: $0, count: all.count(in: $0)) }.filter { $0.count >= ask.count }
        for (domain, _) in fitting.sorted(by: { $0.count < $1.count }) {
            let units = pickAnywhere(ask, first: first.intersection(domain), rest: rest.intersection(domain))
            if let units { return units }
        }
        return nil
    }

    private func pickAnywhere(_ ask: Ask, first: UnitSet, rest: UnitSet) -> UnitSet? {
        var chosen = Chosen(shape, ask)
        if !ask.must.isEmpty {
            guard ask.must.isSubset(of: first.union(rest)) else { return nil }
            chosen.fill(from: ask.must)
            guard ask.must.isSubset(of: chosen.units) else { return nil }
            if chosen.isFull { return chosen.units }
        }
        for segment in [first, rest] where !segment.isEmpty {
            for rank in ask.ranks {
                let left = segment.intersection(rank)
                guard !left.isEmpty else { continue }
                if order == .snug, chosen.takesAny, let snug = snugDomain(for: ask.count - chosen.units.count, in: left)
                {
                    chosen.fill(from: left.intersection(snug))
                }
                chosen.fill(from: left)
                if chosen.isFull { return chosen.units }
            }
        }
        return nil
    }

    /// The switch, else the root complex, else the node with the fewest units that still holds all that are wanted: so
    /// they sit together, and what is larger stays whole for those who need it.
    private func snugDomain(for count: Int, in units: UnitSet) -> UnitSet? {
        for domains in [shape.switches, shape.roots, shape.nodeList] where domains.count > 1 {
            let fitting = domains.map { (domain: $0, count: units.count(in: $0)) }.filter { $0.count >= count }
            if let best = fitting.min(by: { $0.count < $1.count }) { return best.domain }
        }
        return nil
    }
}

/// The units of one ask while they are chosen one by one.
private struct Chosen {
    private let shape: HostShape
    private let count: Int
    /// Only one of each of these: physical functions, or cards.
    private let isApart: Bool
    private let isIsolated: Bool
    private(set) var units = UnitSet()
    private var excluded = UnitSet()

    init(_ shape: HostShape, _ ask: Ask) {
        self.shape = shape
        count = ask.count
        isApart = ask.topology == .apart
        isIsolated = ask.group == .isolate
    }

    var takesAny: Bool { !isApart && !isIsolated }
    var isFull: Bool { units.count == count }

    mutating func fill(from set: UnitSet) {
        var left = count - units.count
        for unit in set where left > 0 && !units.contains(unit) && !excluded.contains(unit) {
            units.insert(unit)
            left -= 1
            excluded.formUnion(shape.excluded(by: unit))
            if isApart { excluded.formUnion(shape.cards[shape.cardOf[unit]]) }
            if isIsolated, let parent = shape.units[unit].family?.parent {
                excluded.formUnion(shape.families[parent]?.children ?? [])
            }
        }
    }
}
