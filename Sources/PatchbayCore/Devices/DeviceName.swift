/// A device as people name it: by where it is, or by its serial number, wherever it is plugged in.
package enum DeviceName: Hashable, Sendable {
    /// `atlas/41:00.0`, `41:00.0`, `usb-1-3.1`; nil: on whichever host has it.
    case place(host: String?, DeviceKey)
    /// `serial=4C530001`, `atlas/serial=4C530001`
    case serial(host: String?, String)

    private static let mark = "serial="

    /// Throws `.malformedAddress`.
    package init(_ text: String) throws(Problem) {
        if text.hasPrefix(Self.mark) {
            self = try .serial(host: nil, Self.serial(text))
        } else if let slash = text.firstIndex(of: "/"), text[slash...].dropFirst().hasPrefix(Self.mark) {
            self = try .serial(host: String(text[..<slash]), Self.serial(String(text[slash...].dropFirst())))
        } else if text.contains("/") {
            let id = try DeviceID(text)
            self = .place(host: id.host, id.key)
        } else {
            self = .place(host: nil, try DeviceKey(text))
        }
    }

    private static func serial(_ text: String) throws(Problem) -> String {
        let serial = String(text.dropFirst(mark.count))
        guard DeviceSerial(.usb, serial).isTelling else {
            throw Problem(
                .malformedAddress, "\"\(text)\" names no device: that is not a serial number that one device has.",
                next: ["Write the whole serial number, or HOST/ADDRESS."])
        }
        return serial
    }

    /// Whether a word that may also be the name of a pool or a VM is meant as one of a device by its serial number.
    package static func isSerial(_ text: String) -> Bool {
        text.hasPrefix(mark) || text.split(separator: "/", maxSplits: 1).last?.hasPrefix(mark) == true
    }
}

extension Inventory {
    /// Devices that say this of themselves: several where a card says it of each of its functions, or a maker gave it twice.
    /// Virtual functions have none of their own. Letters may be of either case.
    package func devices(withSerial serial: String) -> [DeviceKey] {
        let wanted = serial.lowercased()
        let cards = functions.filter { function in
            if case .virtual = function.role { return false }
            return function.details?.serials.contains { $0.value.lowercased() == wanted } ?? false
        }
        return cards.map(\.key) + usb.filter { $0.serial?.lowercased() == wanted }.map(\.key)
    }
}
