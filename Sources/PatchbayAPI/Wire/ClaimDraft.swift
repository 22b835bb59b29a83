import PatchbayCore

extension API {
    /// To make a claim, or to ask how it would be served.
    package struct ClaimDraft: WireRequest, Hashable {
        /// The caller's own name for it: sent again with the same content, it answers with the same claim.
        package var id: String?
        package var owner: ClaimOwner
        package var requests: [RequestDraft]
        /// Hosts that may serve it; left out or empty: any.
        package var hosts: [String]?
        /// Labels that the host must have.
        package var labels: [String: String]?
        /// `pack` when left out.
        package var strategy: PlacementStrategy?
        /// Higher goes first; 0 when left out.
        package var priority: Int?
        /// How long it lasts once it is served, unless it is renewed; left out: until it is released.
        package var leaseSeconds: Int?
        /// Wait in the queue while nothing fits; otherwise it is refused at once.
        package var waits: Bool?
        /// The claim of a reservation, or its name: whose devices it may take.
        package var reservation: String?
        package init(
            id: String? = nil, owner: ClaimOwner, requests: [RequestDraft], hosts: [String]? = nil,
            labels: [String: String]? = nil, strategy: PlacementStrategy? = nil, priority: Int? = nil,
            leaseSeconds: Int? = nil, waits: Bool? = nil, reservation: String? = nil
        ) {
            self.id = id
            self.owner = owner
            self.requests = requests
            self.hosts = hosts
            self.labels = labels
            self.strategy = strategy
            self.priority = priority
            self.leaseSeconds = leaseSeconds
            self.waits = waits
            self.reservation = reservation
        }
    }

    /// Exactly one of `pool` and `device`.
    package struct RequestDraft: WireRequest, Hashable {
        package var pool: String?
        package var device: String?
        package var count: Int?
        /// Left out: made from the pool's or the device's name.
        package var name: String?
        /// It may be left out where it cannot be had.
        package var isOptional: Bool?
        /// How near to the guest's NUMA cells; `legacy` when left out.
        package var numa: NUMAPolicy?
        /// `isolate`: each from another physical function.
        package var groupPolicy: GroupPolicy?
        /// How the devices have to be plugged in beside each other.
        package var topology: TopologyPolicy?
        /// Tags that the device must have through its pool's rules.
        package var tags: [String: String]?
        package init(
            pool: String? = nil, device: String? = nil, count: Int? = nil, name: String? = nil,
            isOptional: Bool? = nil, numa: NUMAPolicy? = nil, groupPolicy: GroupPolicy? = nil,
            topology: TopologyPolicy? = nil, tags: [String: String]? = nil
        ) {
            self.pool = pool
            self.device = device
            self.count = count
            self.name = name
            self.isOptional = isOptional
            self.numa = numa
            self.groupPolicy = groupPolicy
            self.topology = topology
            self.tags = tags
        }
    }

    /// A VM asks the same way as a claim.
    package typealias AttachRequest = RequestDraft

    package struct RenewRequest: WireRequest, Hashable {
        /// How long from now; left out: as long as the lease was at first.
        package var leaseSeconds: Int?
        package init(leaseSeconds: Int? = nil) { self.leaseSeconds = leaseSeconds }
    }
}
