/// One interface of a USB device's active configuration.
package struct USBInterface: Hashable, Codable, Sendable {
    package var number: Int
    /// `bConfigurationValue` of the configuration that it is part of.
    package var configuration: Int
    /// `bInterfaceClass`: 0x03 HID, 0x08 storage, 0xff vendor.
    package var interfaceClass: UInt8
    package var subclass: UInt8
    package var interfaceProtocol: UInt8
    package var driver: String?

    package init(
        number: Int, configuration: Int = 1, interfaceClass: UInt8, subclass: UInt8 = 0, interfaceProtocol: UInt8 = 0,
        driver: String? = nil
    ) {
        self.number = number
        self.configuration = configuration
        self.interfaceClass = interfaceClass
        self.subclass = subclass
        self.interfaceProtocol = interfaceProtocol
        self.driver = driver
    }
}

extension USBInterface {
    /// Its driver of the host; nil: none, or a program has it through usbfs, as QEMU does for a guest.
    package var hostDriver: String? { driver == "usbfs" ? nil : driver }

    /// What the interface is for, in words. Source: USB-IF, Defined Class Codes.
    package var className: String { Self.className(interfaceClass) }

    package static func className(_ code: UInt8) -> String {
        switch code {
        case 0x01: "audio"
        case 0x02, 0x0a: "communications"
        case 0x03: "human interface"
        case 0x05: "physical"
        case 0x06: "imaging"
        case 0x07: "printer"
        case 0x08: "storage"
        case 0x09: "hub"
        case 0x0b: "smart card"
        case 0x0d: "content security"
        case 0x0e: "video"
        case 0x0f: "health care"
        case 0x10: "audio and video"
        case 0x11: "billboard"
        case 0xdc: "diagnostic"
        case 0xe0: "wireless"
        case 0xef: "miscellaneous"
        case 0xfe: "application"
        case 0xff: "vendor specific"
        default: "class \(code.hex(2))"
        }
    }

    /// HID (3), boot interface (1), keyboard (1): Device Class Definition for HID 1.11, section 4.
    package var isBootKeyboard: Bool { interfaceClass == 0x03 && subclass == 0x01 && interfaceProtocol == 0x01 }
}

/// An interface as the kernel names its directory: `1-3.1:1.0` is interface 0 of configuration 1
/// (`drivers/usb/core/message.c`, `usb_set_configuration`).
package struct USBInterfaceAddress: Hashable, Sendable, CustomStringConvertible {
    package var device: USBAddress
    package var configuration: Int
    package var number: Int

    package init(device: USBAddress, configuration: Int, number: Int) {
        self.device = device
        self.configuration = configuration
        self.number = number
    }

    /// nil: no name of this form.
    package init?(kernelName text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.dropFirst().first?.split(separator: ".", omittingEmptySubsequences: false) ?? []
        guard parts.count == 2, numbers.count == 2, let device = USBAddress(kernelName: parts[0]),
            let configuration = Int(numbers[0]), let number = Int(numbers[1]), (1...255).contains(configuration),
            (0...255).contains(number)
        else { return nil }
        self.init(device: device, configuration: configuration, number: number)
    }

    package var description: String { "\(device):\(configuration).\(number)" }
}

/// Written as the kernel's name.
extension USBInterfaceAddress: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let address = USBInterfaceAddress(kernelName: text) else {
            throw Problem(.malformedAddress, "\"\(text)\" is not a valid USB interface name.", next: [])
        }
        self = address
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
