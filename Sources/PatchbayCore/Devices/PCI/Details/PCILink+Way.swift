extension PCILink {
    /// The narrowest link between a device and its root port, where that is not the device's own: the link above a switch on
    /// the card, or above one on the board. All that is behind it shares it.
    package struct Bottleneck: Hashable, Codable, Sendable {
        /// The port whose link it is: the upstream port of a switch.
        package var port: PCIAddress
        package var speed: Int?
        package var width: Int?
        /// What both its ends can do at most; nil: not told.
        package var maxSpeed: Int?
        package var maxWidth: Int?

        package init(
            port: PCIAddress, speed: Int? = nil, width: Int? = nil, maxSpeed: Int? = nil, maxWidth: Int? = nil
        ) {
            self.port = port
            self.speed = speed
            self.width = width
            self.maxSpeed = maxSpeed
            self.maxWidth = maxWidth
        }

        init(_ link: PCILink, of port: PCIAddress) {
            self.init(
                port: port, speed: link.speed, width: link.width,
                maxSpeed: [link.maxSpeed, link.upstreamMaxSpeed].compactMap { $0 }.min(),
                maxWidth: [link.maxWidth, link.upstreamMaxWidth].compactMap { $0 }.min())
        }
    }

    /// What it can carry with the lanes it has, for comparing; nil: not told.
    ///
    /// By the speed that both ends can do, not by the present one: links slow down when nothing goes over them. 2.5 and
    /// 5 GT/s carry 8 bits in 10, what is faster nearly all (PCI Express Base Specification 6.0, section 4.2).
    var capacity: Int? {
        guard let width, let speed = [maxSpeed, upstreamMaxSpeed].compactMap({ $0 }).min() ?? speed else { return nil }
        return width * speed * (speed <= 500 ? 4 : 5)
    }

    /// The narrowest of the links above, nearest first; nil: its own is as narrow as any.
    func bottleneck(among above: [(port: PCIAddress, link: PCILink)]) -> Bottleneck? {
        var least = capacity
        var found: Bottleneck?
        for (port, link) in above {
            guard let capacity = link.capacity, least.map({ capacity < $0 }) ?? true else { continue }
            least = capacity
            found = Bottleneck(link, of: port)
        }
        return found
    }
}
