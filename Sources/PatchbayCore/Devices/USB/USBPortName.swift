/// A port as the kernel names its directory: `usb2-port3` of a root hub, `2-1-port4` of a hub
/// (`drivers/usb/core/port.c`).
package struct USBPortName: Hashable, Sendable {
    package let bus: Int
    package let chain: [Int]

    /// nil: no name of this form.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let last = parts.last, last.hasPrefix("port"),
            let port = Int(last.dropFirst(4)), port > 0
        else { return nil }
        guard parts.count == 3 else {
            guard parts[0].hasPrefix("usb"), let bus = Int(parts[0].dropFirst(3)) else { return nil }
            self.bus = bus
            chain = [port]
            return
        }
        let hub = parts[1].split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard let bus = Int(parts[0]), !hub.contains(where: { $0 == nil }) else { return nil }
        self.bus = bus
        chain = hub.compactMap { $0 } + [port]
    }
}
