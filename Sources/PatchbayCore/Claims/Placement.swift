/// One host as placement sees it.
package struct HostView: Sendable {
    package var inventory: Inventory
    package var usage: Usage
    package init(inventory: Inventory, usage: Usage) {
        self.inventory = inventory
        self.usage = usage
    }
}

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
    case noFit(request: Request, [Rejection])
}

extension HostView {
    /// Chooses devices for all requests, or for none. Deterministic: lowest address first.
    package func place(_ requests: [Request]) -> Placement { .fits([]) }

    /// The state of a device and the sentence that says why.
    package func state(of address: PCIAddress) -> (state: DeviceState, reason: String) { (.free, "") }

    /// The pools whose rules match it, by name.
    package func pools(of address: PCIAddress) -> [String] { [] }
}
