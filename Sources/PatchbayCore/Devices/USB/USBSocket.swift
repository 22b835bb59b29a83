/// A hole that one plug fits in. A USB 3 socket is two ports, one on the bus of each speed.
package struct USBSocket: Hashable, Codable, Sendable, CustomStringConvertible {
    /// One of its ports.
    package struct Port: Hashable, Codable, Sendable, Comparable {
        /// On the bus of 5 Gbit/s and more, whose ports are counted on their own.
        package var isSuperSpeed: Bool
        package var chain: [Int]

        package init(isSuperSpeed: Bool, chain: [Int]) {
            self.isSuperSpeed = isSuperSpeed
            self.chain = chain
        }

        package static func < (a: Port, b: Port) -> Bool {
            a.isSuperSpeed == b.isSuperSpeed ? a.chain.lexicographicallyPrecedes(b.chain) : b.isSuperSpeed
        }
    }
    /// Of the controller: `pci0000:00/14.0`. Empty: a controller that is on no PCI bus.
    package var controllerPath: String
    /// One, or two that are companions, in order.
    package var ports: [Port]

    package init(controllerPath: String, ports: [Port]) {
        self.controllerPath = controllerPath
        self.ports = ports.sorted()
    }

    /// `pci0000:00/14.0 port 3.1`, and with a companion `pci0000:00/14.0 port 3/ss7`.
    package var description: String {
        let names = ports.map { ($0.isSuperSpeed ? "ss" : "") + $0.chain.map(String.init).joined(separator: ".") }
        return "\(controllerPath.isEmpty ? "platform" : controllerPath) port \(names.joined(separator: "/"))"
    }

    /// Whether both are the same hole: a reading that does not know companions names one port only.
    package func isSame(as other: USBSocket) -> Bool {
        controllerPath == other.controllerPath && !Set(ports).isDisjoint(with: other.ports)
    }
}
