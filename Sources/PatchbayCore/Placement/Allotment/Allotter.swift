/// Chooses units of one host for all requests of a claim, or for none.
///
/// One request after the other, each from the nearest stage that holds its whole count, special units last: that is Nova's
/// order, which people who configure it know. Where that leads nowhere although there is a way, `ExactAllotter` finds it.
/// Optional requests come last and take nothing from the others.
package struct Allotter: Sendable {
    let shape: HostShape
    let hood: Neighbourhood?
    let asks: [Ask]
    /// How the first choice is made among units that are alike to the request.
    let order: PickingOrder
    private let allFree: UnitSet

    /// Why there is none.
    package enum Failure: Error, Hashable {
        /// No way to serve this ask beside the ones before it.
        case unserved(ask: Int)
        /// The search was given up at its bound; there may be a way.
        case tooHard
    }

    /// - Parameter free: units that can be had now.
    package init(
        _ asks: [Ask], on shape: HostShape, free: UnitSet, near hood: Neighbourhood? = nil,
        _ order: PickingOrder = .snug
    ) {
        self.asks = asks
        self.shape = shape
        self.hood = hood
        self.order = order
        allFree = free
    }

    package func allot() throws(Allotter.Failure) -> Allotment {
        let must = asks.indices.filter { !asks[$0].isOptional }
        var result = try allot(must)
        for optional in asks.indices where asks[optional].isOptional {
            if let more = extend(result, by: optional) { result = more }
        }
        return result
    }

    /// What can be had when it has been taken: neither it nor what it excludes.
    package func free(after allotment: Allotment) -> UnitSet {
        var picking = Picking(self, free: allFree)
        picking.resume(allotment)
        return picking.free
    }

    private func allot(_ numbers: [Int]) throws(Allotter.Failure) -> Allotment {
        var picking = Picking(self, free: allFree)
        for number in numbers where !take(number, &picking) {
            return try ExactAllotter(self, free: allFree).allot(numbers)
        }
        return picking.allotment
    }

    private func extend(_ allotment: Allotment, by optional: Int) -> Allotment? {
        var picking = Picking(self, free: allFree)
        picking.resume(allotment)
        if take(optional, &picking) { return picking.allotment }
        let served = asks.indices.filter { !asks[$0].isOptional || !allotment.units[$0].isEmpty } + [optional]
        guard let more = try? ExactAllotter(self, free: allFree).allot(served) else { return nil }
        let isFarther = more.distance(hood, for: asks).needed > allotment.distance(hood, for: asks).needed
        return isFarther ? nil : more
    }

    /// - Returns: false when no stage holds the whole count; then nothing was taken.
    private func take(_ number: Int, _ picking: inout Picking) -> Bool {
        let ask = asks[number]
        let available = ask.eligible.intersection(picking.free)
        guard available.count >= ask.count, ask.must.isEmpty || ask.must.isSubset(of: available) else { return false }
        for (stage, first, rest) in ask.numa.stages(hood, available) {
            guard first.count + rest.count >= ask.count else { continue }
            if let units = picking.pick(ask, first: first, rest: rest) {
                picking.take(units, for: number, at: stage)
                return true
            }
        }
        return false
    }
}
