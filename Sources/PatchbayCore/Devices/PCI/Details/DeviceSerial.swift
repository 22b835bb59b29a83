/// Something that tells one device from another of the same model.
package struct DeviceSerial: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// Device Serial Number capability (PCI Express 6.0, section 7.9.3): eight bytes, `00-15-17-ff-ff-ab-cd-ef`.
        case dsn
        /// The SN keyword of the vital product data.
        case vpd
        /// `serial` of the NVMe controller.
        case nvme
        /// Permanent address of the network interface on it.
        case mac
        /// `serial` of a USB device.
        case usb

        /// What a person calls it.
        package var words: String {
            switch self {
            case .dsn: "device serial number"
            case .vpd: "VPD serial"
            case .nvme: "NVMe serial"
            case .mac: "MAC address"
            case .usb: "USB serial"
            }
        }

        /// Each function has its own; the others are often those of the whole card.
        var isOfFunction: Bool {
            switch self {
            case .mac, .usb: true
            case .dsn, .vpd, .nvme: false
            }
        }
    }
    package var kind: Kind
    package var value: String

    package init(_ kind: Kind, _ value: String) {
        self.kind = kind
        self.value = value
    }

    /// As `lspci` writes it: the most significant byte first.
    package init(dsn number: UInt64) {
        let bytes = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0).hex(2) }
        self.init(.dsn, bytes.joined(separator: "-"))
    }
}

extension DeviceSerial {
    /// False for what makers write when they write nothing, which many devices share.
    package var isTelling: Bool {
        let text = value.lowercased()
        let signs = text.filter { $0.isLetter || $0.isNumber }
        guard signs.count >= 4, Set(signs).count > 1, !Self.fillers.contains(String(signs)) else { return false }
        return kind != .mac || isGlobalAddress(text)
    }

    /// Without blanks and punctuation.
    private static let fillers: Set<String> = [
        "01234567", "0123456789", "0123456789abcdef", "012345678", "1234", "12345", "123456", "1234567", "12345678",
        "123456789", "1234567890", "0000000001", "none", "null", "unknown", "default", "defaultstring",
        "tobefilledbyoem", "notspecified", "notapplicable", "serial", "serialnumber", "systemserialnumber", "empty",
    ]

    /// IEEE 802: the lowest bit of the first byte is multicast, the next says that somebody made the address up.
    private func isGlobalAddress(_ text: String) -> Bool {
        let bytes = text.split(separator: ":")
        guard bytes.count >= 6, let first = UInt8(bytes[0], radix: 16) else { return false }
        return first & 0x3 == 0
    }
}
