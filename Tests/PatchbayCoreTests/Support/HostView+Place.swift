@testable import PatchbayCore

/// What one host answers to requests: all of them served, or none and the reasons.
enum Placement: Hashable {
    case fits([AllocatedUnit])
    /// The first request that cannot be served beside the ones before it, and what every device lacks for it.
    case noFit(request: Request, [DeviceFit])
}

extension HostView {
    /// - Parameter vm: whom it is for. What its own definition still names is not in its way.
    func place(_ requests: [Request], for vm: String? = nil) -> Placement {
        let standing = standing(for: vm)
        let wish = PlacementWish(requests: requests)
        do throws(NoPlace) {
            return .fits(try standing.place(wish, on: inventory.host.name).units)
        } catch {
            let number =
                switch error {
                case .request(let number): number
                case .host, .nowhere: requests.count - 1
                }
            let judge = DeviceJudge(self, standing, wish, near: nil, for: vm)
            return .noFit(request: requests[number], judge.fits(of: number))
        }
    }
}
