/// What is to be placed: all that decides, and nothing about who asks.
package struct PlacementWish: Hashable, Sendable {
    package var requests: [Request]
    package var hosts: HostConstraint
    package var strategy: PlacementStrategy
    /// nil: the claim is for no guest of ours, or its guest is there already.
    package var guest: GuestNeeds?

    package init(
        requests: [Request], hosts: HostConstraint = .any, strategy: PlacementStrategy = .pack, guest: GuestNeeds? = nil
    ) {
        self.requests = requests
        self.hosts = hosts
        self.strategy = strategy
        self.guest = guest
    }

    package init(_ claim: Claim, guest: GuestNeeds? = nil) {
        self.init(requests: claim.requests, hosts: claim.terms.hosts, strategy: claim.terms.strategy, guest: guest)
    }

    /// How many units of each pool it cannot do without.
    var needed: [String: Int] {
        requests.reduce(into: [:]) { needed, request in
            guard case .pool(let pool) = request.target, !request.isOptional else { return }
            needed[pool, default: 0] += request.count
        }
    }

    /// The hosts that it can be on at all; nil: nothing says.
    var namedHosts: [String]? {
        let exact = requests.compactMap { request -> String? in
            guard case .device(let id) = request.target, !request.isOptional else { return nil }
            return id.host
        }
        let named = hosts.names.isEmpty ? nil : Set(hosts.names)
        guard !exact.isEmpty else { return named?.sorted() }
        let own = Set(exact)
        guard own.count == 1 else { return [] }
        return (named.map { own.intersection($0) } ?? own).sorted()
    }
}

/// Units and a seat on one host.
package struct HostPlacement: Hashable, Sendable {
    package var units: [AllocatedUnit]
    package var seat: GuestSeat?
    /// Units that are needed and are not on the guest's nodes.
    package var distance: Int
}

/// Why a host, or a fleet, has no place for a wish.
package enum NoPlace: Error, Hashable, Sendable {
    /// This request, by its number, cannot be served beside the ones before it.
    case request(Int)
    /// What is lacking is no device.
    case host(Reason)
    /// No host is even asked: none has what the wish names.
    case nowhere
}
