/// Where a USB device is plugged in now: its bus and the ports from the root hub on. `1-3.1` is what is plugged into port 1
/// of the hub at port 3 of bus 1; `usb1` is the root hub of bus 1.
///
/// Source: `drivers/usb/core/usb.c`, `usb_alloc_dev`. A device keeps it as long as it stays plugged in; buses are numbered
/// anew when a controller is bound again, or the host boots.
package struct USBAddress: Hashable, Sendable {
    package let bus: Int
    /// A byte a port, the first in the highest; 0 is no port.
    private let packed: UInt64

    /// A device is at most six hubs away from its controller: USB 2.0, section 4.1.1.
    private static let mostPorts = 7
    private static let buses = 1...4095

    /// - Parameter chain: port numbers below the root hub, from 1 to 255; empty for the root hub itself.
    /// - Returns: nil for what the kernel would give no device.
    package init?(bus: Int, chain: [Int]) {
        guard Self.buses.contains(bus), chain.count <= Self.mostPorts, chain.allSatisfy((1...255).contains) else {
            return nil
        }
        self.bus = bus
        packed = chain.enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * (7 - $1.offset)) }
    }

    /// Parses the name of a directory below `/sys/bus/usb/devices`. nil: an interface (`1-3.1:1.0`), or no name that the
    /// kernel gives.
    package init?(kernelName text: some StringProtocol) {
        if text.hasPrefix("usb") {
            guard let bus = Self.number(text.dropFirst(3)) else { return nil }
            self.init(bus: bus, chain: [])
            return
        }
        let halves = text.split(separator: "-", omittingEmptySubsequences: false)
        guard halves.count == 2, let bus = Self.number(halves[0]) else { return nil }
        let ports = halves[1].split(separator: ".", omittingEmptySubsequences: false).map { Self.number($0) }
        guard !ports.contains(nil) else { return nil }
        self.init(bus: bus, chain: ports.compactMap(\.self))
    }

    /// Port numbers below the root hub: `[3, 1]`; empty for the root hub itself.
    package var chain: [Int] {
        (0..<Self.mostPorts).map { Int(packed >> UInt64(8 * (7 - $0)) & 0xff) }.prefix { $0 != 0 }.map(\.self)
    }

    package var isRootHub: Bool { packed == 0 }

    /// Without leading zeros, as the kernel prints numbers.
    private static func number(_ text: some StringProtocol) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text.first != "0"
        else { return nil }
        return Int(text)
    }
}

extension USBAddress: Comparable, CustomStringConvertible {
    /// The kernel's name.
    package var description: String {
        isRootHub ? "usb\(bus)" : "\(bus)-" + chain.map(String.init).joined(separator: ".")
    }

    /// A hub before what is plugged into it.
    package static func < (a: USBAddress, b: USBAddress) -> Bool { (a.bus, a.packed) < (b.bus, b.packed) }
}

/// Written as the kernel's name.
extension USBAddress: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let address = USBAddress(kernelName: text) else {
            throw Problem(.malformedAddress, "\"\(text)\" is not a valid USB device name.", next: [])
        }
        self = address
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
