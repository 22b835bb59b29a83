/// One interface of a USB device's active configuration.
package struct USBInterface: Hashable, Codable, Sendable {
    package var number: Int
    /// `bInterfaceClass`: 0x03 HID, 0x08 storage, 0xff vendor.
    package var interfaceClass: UInt8
    package var subclass: UInt8
    package var interfaceProtocol: UInt8
    package var driver: String?

    package init(
        number: Int, interfaceClass: UInt8, subclass: UInt8 = 0, interfaceProtocol: UInt8 = 0, driver: String? = nil
    ) {
        self.number = number
        self.interfaceClass = interfaceClass
        self.subclass = subclass
        self.interfaceProtocol = interfaceProtocol
        self.driver = driver
    }
}

extension USBInterface {
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

    /// A keyboard by the boot protocol: HID 1.11, section 4.3.
    package var isKeyboard: Bool { interfaceClass == 0x03 && interfaceProtocol == 0x01 }
}
