/// What tells a device from every other one of its host today: of a PCI function its address, of a USB device its port.
///
/// Text form: `0000:41:00.0`, `usb-1-3.1`. It changes when the device is plugged in elsewhere; by what a device is known
/// again then is `DeviceIdentity`.
package enum DeviceKey: Hashable, Sendable {
    case pci(PCIAddress)
    case usb(USBAddress)

    /// Before the kernel's name of a USB device.
    private static let usbPrefix = "usb-"

    /// Parses what `description` or `short` prints, and nothing else.
    package init(_ text: some StringProtocol) throws(Problem) {
        let text = String(text)
        guard text.hasPrefix(Self.usbPrefix) else {
            do throws(Problem) { self = .pci(try PCIAddress(text)) } catch {
                throw Self.kernelName(text) ?? error.namingUSBForm
            }
            return
        }
        guard let address = Self.usbAddress(text) else {
            throw Problem(
                .malformedAddress, "\"\(text)\" is not a valid USB port.",
                next: ["Write usb-BUS-PORT with the kernel's name of the port, for example usb-1-3 or usb-1-3.1."])
        }
        self = .usb(address)
    }

    /// What was typed is a USB device as the kernel writes it, `1-2` or `usb1`; nil: it is not.
    private static func kernelName(_ text: some StringProtocol) -> Problem? {
        guard let address = USBAddress(kernelName: text) else { return nil }
        guard !address.isRootHub else {
            return Problem(
                .malformedAddress, "\"\(text)\" is a USB root hub, which stays with the host.",
                next: [NextStep("Choose a device that is plugged into it", .listUSB())])
        }
        return Problem(
            .malformedAddress, "\"\(text)\" is the kernel's name of a USB device.",
            next: ["Write it with a prefix:  \(usbPrefix)\(address)"])
    }

    /// nil: the link of a chain of host uses is something else than a device: `md0`.
    package init?(chainLink link: String) {
        if let address = try? PCIAddress(link) {
            self = .pci(address)
        } else if link.hasPrefix("USB "), let address = USBAddress(kernelName: link.dropFirst(4)) {
            self = .usb(address)
        } else {
            return nil
        }
    }

    private static func usbAddress(_ text: some StringProtocol) -> USBAddress? {
        USBAddress(kernelName: text.dropFirst(usbPrefix.count)).flatMap { $0.isRootHub ? nil : $0 }
    }

    package var kind: DeviceKind {
        switch self {
        case .pci: .pci
        case .usb: .usb
        }
    }

    /// As the last link of the chain of a host use: `0000:41:00.0`, `USB 1-3.1`.
    package var chainLink: String {
        switch self {
        case .pci: description
        case .usb(let address): "USB \(address)"
        }
    }

    /// Its function, where it is one.
    package var pci: PCIAddress? { if case .pci(let address) = self { address } else { nil } }

    /// Its port, where it is a USB device.
    package var usb: USBAddress? { if case .usb(let address) = self { address } else { nil } }

    /// For people: a PCI address without the domain when that is 0.
    package var short: String {
        switch self {
        case .pci(let address): address.short
        case .usb: description
        }
    }
}

extension DeviceKey: CustomStringConvertible, Comparable {
    package var description: String {
        switch self {
        case .pci(let address): address.description
        case .usb(let address): "\(Self.usbPrefix)\(address)"
        }
    }

    /// Kind by kind, each in its own order.
    package static func < (a: DeviceKey, b: DeviceKey) -> Bool {
        switch (a, b) {
        case (.pci(let a), .pci(let b)): a < b
        case (.usb(let a), .usb(let b)): a < b
        case (.pci, .usb): true
        case (.usb, .pci): false
        }
    }
}

/// Written as its text, as a value and as the key of a dictionary.
extension DeviceKey: Codable, CodingKeyRepresentable {
    package init(from decoder: any Decoder) throws {
        self = try DeviceKey(try decoder.singleValueContainer().decode(String.self))
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
    package var codingKey: any CodingKey { TextKey(stringValue: description) }
    package init?(codingKey: some CodingKey) {
        let text = codingKey.stringValue
        if text.hasPrefix(Self.usbPrefix) {
            guard let address = Self.usbAddress(text) else { return nil }
            self = .usb(address)
        } else {
            guard let address = PCIAddress(printed: text) else { return nil }
            self = .pci(address)
        }
    }
}

/// What is known by device is asked for by address, too.
extension Dictionary where Key == DeviceKey {
    package subscript(address: PCIAddress) -> Value? {
        get { self[.pci(address)] }
        set { self[.pci(address)] = newValue }
    }

    package subscript(address: PCIAddress, default value: @autoclosure () -> Value) -> Value {
        get { self[.pci(address), default: value()] }
        set { self[.pci(address), default: value()] = newValue }
    }
}

extension PCIAddress {
    /// The key of the function that is there.
    package var key: DeviceKey { .pci(self) }
}

extension Problem {
    /// Where a device may be of either kind.
    fileprivate var namingUSBForm: Problem {
        var problem = self
        problem.next.append("Write a USB device as usb-BUS-PORT, for example usb-1-3.")
        return problem
    }
}
