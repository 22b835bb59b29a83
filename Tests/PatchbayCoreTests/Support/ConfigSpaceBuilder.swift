import PatchbayCore

/// A config space, written capability by capability.
struct ConfigSpaceBuilder {
    private(set) var bytes: [UInt8]
    private var lastStandard: Int?
    private var lastExtended: Int?

    init(size: Int = 4096, headerType: UInt8 = 0) {
        bytes = [UInt8](repeating: 0, count: size)
        set(0, [0xde, 0x10, 0xb5, 0x20])
        bytes[0x0e] = headerType
    }

    var space: ConfigSpace { ConfigSpace(bytes) }
    var capabilities: PCICapabilities? { space.capabilities }

    mutating func set(_ offset: Int, _ values: [UInt8]) {
        for (index, value) in values.enumerated() { bytes[offset + index] = value }
    }

    mutating func word(_ offset: Int, _ value: UInt16) { set(offset, [UInt8(value & 0xff), UInt8(value >> 8)]) }

    mutating func double(_ offset: Int, _ value: UInt32) {
        word(offset, UInt16(value & 0xffff))
        word(offset + 2, UInt16(value >> 16))
    }

    /// Appends to the standard list at `offset`.
    mutating func standard(_ id: UInt8, at offset: Int, _ words: [Int: UInt16] = [:]) {
        bytes[0x06] |= 0x10
        bytes[lastStandard.map { $0 + 1 } ?? (bytes[0x0e] & 0x7f == 2 ? 0x14 : 0x34)] = UInt8(offset)
        set(offset, [id, 0])
        for (at, value) in words { word(offset + at, value) }
        lastStandard = offset
    }

    /// Appends to the extended list at `offset`; the first has to be at 0x100.
    mutating func extended(_ id: UInt16, at offset: Int, _ doubles: [Int: UInt32] = [:]) {
        if let lastExtended {
            word(lastExtended + 2, UInt16(offset) << 4 | 1)
        }
        double(offset, UInt32(id) | 1 << 16)
        for (at, value) in doubles { double(offset + at, value) }
        lastExtended = offset
    }
}
