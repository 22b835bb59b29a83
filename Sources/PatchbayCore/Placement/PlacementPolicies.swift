/// How near to the guest's own NUMA cells a device has to be. The words and their meaning are Nova's.
///
/// Without cells of the guest no policy asks for anything: a guest that floats over the host is near to everything.
/// Source: OpenStack Nova, "Attaching physical PCI devices to guests", `numa_policy`.
package enum NUMAPolicy: String, Codable, Sendable, CaseIterable {
    /// On a node of the guest's cells; a device whose node is not known will not do.
    case required
    /// On any node of a socket that one of the guest's cells is on; a device whose node is not known will not do.
    case socket
    /// Near where that can be, anywhere else.
    case preferred
    /// On a node of the guest's cells, or a device whose node is not known. What counts when nothing is said.
    case legacy
}

/// Whether the units of one request may come from the same physical function. The words are Nova's (`group_policy`).
package enum GroupPolicy: String, Codable, Sendable, CaseIterable {
    /// Several virtual functions may come from one physical function.
    case none
    /// Each from another physical function.
    case isolate
}

/// How the units of one request have to be plugged in beside each other.
package enum TopologyPolicy: String, Codable, Sendable, CaseIterable {
    /// Functions of one card: the same slot.
    case sameCard = "same-card"
    /// Below one PCIe switch.
    case sameSwitch = "same-switch"
    /// Below one host bridge.
    case sameRootComplex = "same-root-complex"
    /// No two of them on one card.
    case apart
}

/// Which of several hosts that would do is taken.
package enum PlacementStrategy: String, Codable, Sendable, CaseIterable {
    /// The one with the fewest free units left: whole hosts stay free for what is large.
    case pack
    /// The one with the most.
    case spread
}

/// Which hosts may serve a claim.
package struct HostConstraint: Hashable, Codable, Sendable {
    /// Any of these; empty: any host.
    package var names: [String]
    /// Labels that the host must have, all of them.
    package var labels: [String: String]

    package init(names: [String] = [], labels: [String: String] = [:]) {
        self.names = names
        self.labels = labels
    }

    package static let any = HostConstraint()
}
