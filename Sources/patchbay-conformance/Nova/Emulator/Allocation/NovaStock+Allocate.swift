import PatchbayCore

/// What an instance was given.
struct NovaGrant: Hashable, Sendable {
    /// For each request, sorted.
    var given: [[PCIAddress]]
    /// What is free and not blocked afterwards, sorted.
    var left: [PCIAddress]
}

extension NovaStock {
    /// Devices for all requests of an instance, or for none.
    ///
    /// Unlike Nova it knows beforehand that a physical function and its virtual ones exclude each other, and finds a way
    /// where Nova's order of taking leads nowhere.
    ///
    /// - Parameter cells: the host's NUMA nodes that the instance's cells are on; nil: it has none.
    func allocate(
        _ wishes: [NovaWish], near cells: [NUMANode]?
    ) throws(NovaRefusal) -> NovaGrant {
        var asks: [Ask] = []
        var owners: [Int] = []
        for (number, wish) in wishes.enumerated() {
            let own = self.asks(for: wish)
            asks += own
            owners += own.map { _ in number }
        }
        let hood = cells.map { Neighbourhood(of: $0, on: shape) }
        let allotter = Allotter(asks, on: shape, free: free, near: hood, .lowest)
        do throws(Allotter.Failure) {
            let allotment = try allotter.allot()
            let given = wishes.indices.map { number in
                asks.indices.filter { owners[$0] == number }
                    .flatMap { allotment.units[$0].map { devices[$0].device.address } }.sorted()
            }
            let left = allotter.free(after: allotment)
            return NovaGrant(given: given, left: left.map { devices[$0].device.address })
        } catch {
            switch error {
            case .unserved(let ask):
                throw NovaRefusal(
                    .noDevices,
                    "Request \(owners[ask] + 1) for \(asks[ask].count) devices cannot be served on this host.")
            case .tooHard:
                throw NovaRefusal(
                    .noDevices, "No way to serve these requests was found within the bound of the search.")
            }
        }
    }
}
