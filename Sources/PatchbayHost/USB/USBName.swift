/// A directory's name below `sys/bus/usb/devices`: `1-3.1` is what is plugged into port 1 of the hub at port 3 of
/// bus 1; `usb1` is the root hub of bus 1 (`drivers/usb/core/usb.c`, `usb_alloc_dev`).
struct USBName: Hashable {
    let bus: Int
    /// Empty for a root hub.
    let chain: [Int]

    /// nil: an interface (`1-3.1:1.0`), or no name that the kernel gives.
    init?(_ text: some StringProtocol) {
        if text.hasPrefix("usb") {
            guard let bus = Self.number(text.dropFirst(3)) else { return nil }
            self.bus = bus
            chain = []
            return
        }
        let halves = text.split(separator: "-", omittingEmptySubsequences: false)
        guard halves.count == 2, let bus = Self.number(halves[0]) else { return nil }
        let ports = halves[1].split(separator: ".", omittingEmptySubsequences: false).map { Self.number($0) }
        // A device is at most six hubs away from its controller: USB 2.0, section 4.1.1.
        guard (1...7).contains(ports.count), !ports.contains(where: { $0 == nil }) else { return nil }
        self.bus = bus
        chain = ports.compactMap { $0 }
    }

    /// The interface of the hub that this is plugged into, and the name of the port there. nil for a root hub.
    var port: (hubInterface: String, name: String)? {
        guard let last = chain.last else { return nil }
        guard chain.count > 1 else { return ("\(bus)-0:1.0", "usb\(bus)-port\(last)") }
        let hub = "\(bus)-" + chain.dropLast().map(String.init).joined(separator: ".")
        return ("\(hub):1.0", "\(hub)-port\(last)")
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
