/// Multi-Instance GPU of one card.
package struct MIGState: Hashable, Codable, Sendable {
    package var isEnabled: Bool
    /// The other mode is set, and takes effect with the card's next reset.
    package var isPending: Bool
    /// Names of the instances there are: `1g.10gb`.
    package var instances: [String]

    package init(isEnabled: Bool, isPending: Bool, instances: [String]) {
        self.isEnabled = isEnabled
        self.isPending = isPending
        self.instances = instances
    }
}
