/// Why a device does not serve a request.
package struct Rejection: Hashable, Codable, Sendable {
    package var device: PCIAddress
    package var reason: String
    package init(device: PCIAddress, reason: String) {
        self.device = device
        self.reason = reason
    }
}

/// The decision: all requests served, or none and the reasons.
package enum Placement: Hashable, Sendable {
    case fits([AllocatedUnit])
    /// The first request that cannot be served beside the ones before it. What every device lacks for it: first the
    /// devices it asked for, then the others.
    case noFit(request: Request, [Rejection])
}
