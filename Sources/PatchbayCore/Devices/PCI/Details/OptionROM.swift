/// What the expansion ROM holds. Source: PCI Firmware Specification 3.3, section 5.1.
package struct OptionROM: Hashable, Codable, Sendable {
    /// Code types of its images in order: 0 legacy x86, 1 Open Firmware, 3 UEFI.
    package var codeTypes: [UInt8]
    /// The signature and the chain of images are sound.
    package var isSound: Bool
    /// The bytes of every legacy image add up to zero, as firmware asks before it runs one; nil: there is no such image.
    package var hasRightChecksum: Bool?
    /// The kernel shows a copy that the firmware may have changed (boot display).
    package var isShadow: Bool

    package init(codeTypes: [UInt8], isSound: Bool, hasRightChecksum: Bool? = nil, isShadow: Bool) {
        self.codeTypes = codeTypes
        self.isSound = isSound
        self.hasRightChecksum = hasRightChecksum
        self.isShadow = isShadow
    }

    package var hasUEFI: Bool { codeTypes.contains(3) }
}

extension OptionROM {
    /// Follows the images of a ROM until the last, the end, or the first mistake.
    package init(image bytes: Span<UInt8>, isShadow: Bool) {
        self.init(codeTypes: [], isSound: false, isShadow: isShadow)
        var start = 0
        // Images are 512 bytes long at least; no real ROM has more than a few.
        while codeTypes.count < 64, let image = ROMImage(bytes, at: start) {
            codeTypes.append(image.codeType)
            if let isRight = image.hasRightChecksum { hasRightChecksum = (hasRightChecksum ?? true) && isRight }
            if image.isLast {
                isSound = start + image.length <= bytes.count
                return
            }
            start += image.length
        }
    }
}

/// One image of a ROM.
private struct ROMImage {
    let codeType: UInt8
    /// Bytes; never 0.
    let length: Int
    let isLast: Bool
    /// nil: of another kind than legacy x86, for which the specification asks no checksum.
    let hasRightChecksum: Bool?

    /// nil: the signature, or the data structure it points at, is not there.
    init?(_ bytes: Span<UInt8>, at start: Int) {
        guard start + 0x1a <= bytes.count, bytes[start] == 0x55, bytes[start + 1] == 0xaa else { return nil }
        let data = start + Int(bytes[start + 0x18]) + Int(bytes[start + 0x19]) << 8
        guard data + 0x16 <= bytes.count, bytes[data] == 0x50, bytes[data + 1] == 0x43, bytes[data + 2] == 0x49,
            bytes[data + 3] == 0x52
        else { return nil }
        length = (Int(bytes[data + 0x10]) + Int(bytes[data + 0x11]) << 8) * 512
        guard length > 0 else { return nil }
        codeType = bytes[data + 0x14]
        isLast = bytes[data + 0x15] & 0x80 != 0
        hasRightChecksum = codeType == 0 ? Self.addsUp(bytes, start..<(start + Int(bytes[start + 2]) * 512)) : nil
    }

    /// false also when the part that counts is empty or not all there.
    private static func addsUp(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.upperBound <= bytes.count else { return false }
        var sum: UInt8 = 0
        for at in range { sum &+= bytes[at] }
        return sum == 0
    }
}
