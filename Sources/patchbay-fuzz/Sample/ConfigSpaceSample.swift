/// Bytes of devices: config spaces with one of each capability, vital product data, an expansion ROM.
enum ConfigSpaceSample {
    /// PM, MSI, PCI Express, MSI-X, AF; then AER, DSN, ACS, ARI, SR-IOV, ATS, PRI, PASID and resizable BARs.
    static let endpoint = build(
        portType: 0,
        extended: [
            (0x01, 0x48), (0x03, 0x0c), (0x0d, 0x08), (0x0e, 0x08), (0x10, 0x40), (0x0f, 0x08), (0x13, 0x10),
            (0x1b, 0x08),
            (0x15, 0x1c), (0x19, 0x10), (0x0b, 0x10),
        ])
    static let port = build(portType: 4, extended: [(0x01, 0x48), (0x0d, 0x08), (0x19, 0x10), (0x1d, 0x10)])
    /// 256 bytes without PCI Express.
    static let conventional = Array(build(portType: nil, extended: []).prefix(256))

    /// Power management and PCI Express alone, a port with ACS: nothing in it stands in the way of lending.
    ///
    /// - Parameter portType: 0 endpoint, 4 root port, 9 part of the root complex.
    static func plain(portType: UInt8) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        for (at, value) in [
            (0x04, 6), (0x06, 0x10), (0x34, 0x40), (0x40, 1), (0x41, 0x50), (0x50, 0x10), (0x57, 0x10),
        ] { bytes[at] = UInt8(value) }
        bytes[0x52] = 2 | portType << 4
        guard portType == 4 else { return bytes }
        for (at, value) in [(0x100, 0x0d), (0x102, 1), (0x104, 0x1f), (0x106, 0x1d)] { bytes[at] = UInt8(value) }
        return bytes
    }

    private static func build(portType: UInt8?, extended: [(id: UInt16, size: Int)]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        bytes[0x06] = 0x10
        bytes[0x34] = 0x40
        var list: [(id: UInt8, at: Int)] = [(0x01, 0x40), (0x05, 0x50), (0x11, 0x60), (0x13, 0x70), (0x03, 0x78)]
        if portType != nil { list.append((0x10, 0x80)) }
        for (index, entry) in list.enumerated() {
            bytes[entry.at] = entry.id
            bytes[entry.at + 1] = index + 1 < list.count ? UInt8(list[index + 1].at) : 0
        }
        bytes[0x52] = 0x86
        bytes[0x62] = 0x3f
        bytes[0x72] = 6
        bytes[0x73] = 3
        if let portType {
            bytes[0x82] = 2 | portType << 4
            bytes[0x87] = 0x10
            bytes[0x8c] = 0x04
            bytes[0x8d] = 0x01
        }
        var at = 0x100
        for (index, entry) in extended.enumerated() {
            let next = index + 1 < extended.count ? at + entry.size : 0
            let head = UInt32(entry.id) | 1 << 16 | UInt32(next) << 20
            for byte in 0..<4 { bytes[at + byte] = UInt8(truncatingIfNeeded: head >> (8 * UInt32(byte))) }
            for byte in 4..<min(entry.size, 16) { bytes[at + byte] = UInt8(0x5f &+ byte) }
            at += entry.size
        }
        return bytes
    }

    /// The standard header over a body; without one, 64 bytes and nothing else.
    static func header(_ id: String, _ deviceClass: String, _ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        var bytes = body.isEmpty ? [UInt8](repeating: 0, count: 64) : body
        let ids = id.split(separator: ":").map { UInt16($0, radix: 16) ?? 0 }
        let code = UInt32(deviceClass, radix: 16) ?? 0
        for (at, value) in zip([0, 2], ids) {
            bytes[at] = UInt8(value & 0xff)
            bytes[at + 1] = UInt8(value >> 8)
        }
        bytes[8] = 0xa1
        for at in 0..<3 { bytes[9 + at] = UInt8(truncatingIfNeeded: code >> (8 * UInt32(at))) }
        bytes[0x0e] = type
        return bytes
    }

    /// An identifier string, then VPD-R with part number, serial number and checksum, then the end tag.
    static let vpd: [UInt8] = {
        let name = Array("Network card".utf8)
        var fields: [UInt8] = []
        for (key, value) in [("PN", "K12345"), ("EC", "A-01"), ("SN", "0123456789AB"), ("V0", "x")] {
            fields += Array(key.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
        }
        fields += Array("RV".utf8) + [1, 0]
        return [0x82, UInt8(name.count), 0] + name + [0x90, UInt8(fields.count), 0] + fields + [0x78]
    }()

    /// A legacy image and a UEFI one.
    static let rom: [UInt8] = image(codeType: 0, isLast: false) + image(codeType: 3, isLast: true)

    private static func image(codeType: UInt8, isLast: Bool) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 512)
        bytes[0] = 0x55
        bytes[1] = 0xaa
        bytes[0x18] = 0x40
        for (offset, byte) in "PCIR".utf8.enumerated() { bytes[0x40 + offset] = byte }
        bytes[0x4a] = 0x18
        bytes[0x50] = 1
        bytes[0x54] = codeType
        bytes[0x55] = isLast ? 0x80 : 0
        return bytes
    }
}
