/// The PCI Express link above a function, from `current_link_*` and `max_link_*`.
package struct PCILink: Hashable, Codable, Sendable {
    /// Hundredths of GT/s, so that 2.5 GT/s is 250. nil: not told.
    package var speed: Int?
    package var width: Int?
    package var maxSpeed: Int?
    package var maxWidth: Int?
    /// What the port above can do at most; nil: no port above, or not told.
    package var upstreamMaxSpeed: Int?
    package var upstreamMaxWidth: Int?
    /// nil: its own link is the narrowest on the way to the root port, or nothing is told of the others.
    package var bottleneck: Bottleneck?

    package init(
        speed: Int? = nil, width: Int? = nil, maxSpeed: Int? = nil, maxWidth: Int? = nil, upstreamMaxSpeed: Int? = nil,
        upstreamMaxWidth: Int? = nil
    ) {
        self.speed = speed
        self.width = width
        self.maxSpeed = maxSpeed
        self.maxWidth = maxWidth
        self.upstreamMaxSpeed = upstreamMaxSpeed
        self.upstreamMaxWidth = upstreamMaxWidth
    }
}
