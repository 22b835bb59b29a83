extension HostView {
    /// Chooses devices for all requests, or for none. The same host and requests have the same answer.
    ///
    /// - Parameters:
    ///   - vm: whom it is for. What its own definition still names is not in its way.
    ///   - seat: where the guest sits; nil: it floats.
    package func place(_ requests: [Request], for vm: String? = nil, on seat: GuestSeat? = nil) -> Placement {
        let standing = standing(for: vm)
        let asks = requests.map { Ask($0, of: standing.shape, named: inventory.host.name) }
        let nodes = seat.map { $0.cells.map(\.node) }
        let hood = nodes.map { Neighbourhood(of: $0, on: standing.shape) }
        do throws(Allotter.Failure) {
            let allotment = try Allotter(asks, on: standing.shape, free: standing.free, near: hood).allot()
            return .fits(
                requests.indices.flatMap { number in
                    allotment.units[number].map { standing.allocated($0, for: requests[number]) }
                })
        } catch {
            let number: Int
            switch error {
            case .unserved(let ask): number = ask
            case .tooHard: number = requests.indices.last ?? 0
            }
            let judge = DeviceJudge(self, standing, PlacementWish(requests: requests), near: nodes, for: vm)
            return .noFit(request: requests[number], judge.fits(of: number))
        }
    }
}
