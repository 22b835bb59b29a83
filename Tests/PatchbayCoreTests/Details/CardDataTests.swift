import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Vital product data` {
    private func resource(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag, UInt8(content.count & 0xff), UInt8(content.count >> 8)] + content
    }
    private func field(_ keyword: String, _ value: String) -> [UInt8] {
        Array(keyword.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
    }

    @Test func `tells name, part and serial`() {
        let fields = field("PN", "900-5G133") + field("SN", "1420621012345 ") + field("RV", "\u{1}")
        let vpd = VPD(resource(0x82, Array("Card".utf8)) + resource(0x90, fields) + [0x78, 0xff, 0xff])
        #expect(vpd.name == "Card" && vpd.partNumber == "900-5G133" && vpd.serial == "1420621012345" && vpd.isSound)
    }

    @Test func `what comes before a mistake counts, what comes behind it does not`() {
        let good = resource(0x90, field("SN", "ABCD1234"))
        #expect(VPD(good + [0x83, 1, 0, 0]).serial == "ABCD1234")
        #expect(!VPD(good + [0x83, 1, 0, 0]).isSound)
        #expect(VPD(resource(0x90, [0x53, 0x4e, 0xff, 0x41])).serial == nil)
        #expect(VPD(resource(0x90, field("SN", "A\u{7}BC"))).serial == nil)
        #expect(VPD([0xff, 0xff, 0xff]).serial == nil)
        #expect(VPD([0x90, 0xff]) == VPD([]))
    }

    @Test func `any bytes are read to the end`() {
        var random = SeededGenerator(seed: 77)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...64, using: &random)).map { _ in
                random.pick([
                    0x82, 0x90, 0x91, 0x78, 0x53, 0x4e, 0, 1, 2, 5, 0xff, UInt8.random(in: 0...255, using: &random),
                ])
            }
            if let serial = VPD(bytes).serial { #expect(serial.utf8.count <= bytes.count) }
        }
    }
}

@Suite struct `Option ROM` {
    /// An image of 512 bytes with its data structure at 0x1c; a legacy one gets the byte that makes its sum zero.
    private func image(_ codeType: UInt8, isLast: Bool) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 512)
        bytes.replaceSubrange(0..<3, with: [0x55, 0xaa, 1])
        bytes[0x18] = 0x1c
        bytes.replaceSubrange(0x1c..<0x20, with: Array("PCIR".utf8))
        bytes[0x2c] = 1
        bytes[0x30] = codeType
        bytes[0x31] = isLast ? 0x80 : 0
        if codeType == 0 { bytes[511] = 0 &- bytes.reduce(0, &+) }
        return bytes
    }

    @Test(.requirements("C28")) func `tells its images and whether UEFI can use it`() {
        let both = OptionROM(image: (image(0, isLast: false) + image(3, isLast: true)).span, isShadow: true)
        #expect(both == OptionROM(codeTypes: [0, 3], isSound: true, hasRightChecksum: true, isShadow: true))
        #expect(both.hasUEFI)
        let legacy = OptionROM(image: image(0, isLast: true).span, isShadow: false)
        #expect(!legacy.hasUEFI && legacy.isSound)
    }

    @Test(.requirements("C28")) func `tells a broken chain and a wrong checksum`() {
        var wrong = image(0, isLast: true)
        wrong[100] = 1
        #expect(OptionROM(image: wrong.span, isShadow: false).hasRightChecksum == false)
        let endless = OptionROM(image: image(0, isLast: false).span, isShadow: false)
        #expect(endless.codeTypes == [0] && !endless.isSound)
        var empty = image(3, isLast: false)
        empty[0x2c] = 0
        #expect(OptionROM(image: empty.span, isShadow: false).codeTypes.isEmpty)
        let cut = Array(image(3, isLast: true).prefix(300))
        #expect(
            OptionROM(image: cut.span, isShadow: false) == OptionROM(codeTypes: [3], isSound: false, isShadow: false))
        #expect(OptionROM(image: [UInt8]().span, isShadow: false).codeTypes.isEmpty)
    }
}

@Suite struct `Link and memory text` {
    @Test func `speeds and widths as every kernel writes them`() {
        #expect(PCILink.speed("16.0 GT/s PCIe") == 1600 && PCILink.speed("2.5 GT/s") == 250)
        #expect(PCILink.speed("5 GT/s") == 500 && PCILink.speed("64.0 GT/s PCIe\n") == 6400)
        for text in ["Unknown", "Unknown speed", "", "GT/s", "-1 GT/s", "0 GT/s", "1.2.3 GT/s", "99999999999 GT/s"] {
            #expect(PCILink.speed(text) == nil)
        }
        #expect(PCILink.width("16") == 16 && PCILink.width("0") == nil && PCILink.width("255") == nil)
    }

    @Test func `a narrow link is always told, a slow one only as a note, and neither where the slot is the cause`() {
        let both = PCILink(
            speed: 250, width: 8, maxSpeed: 1600, maxWidth: 16, upstreamMaxSpeed: 1600, upstreamMaxWidth: 16)
        #expect(both.shortfalls == [.width(8, of: 16), .speed(250, of: 1600)])
        #expect(both.shortfalls.map(\.severity) == [.warning, .note])
        #expect(both.shortfalls[0].sentence == "The link uses 8 of 16 lanes.")
        #expect(both.words == "2.5 GT/s x8 of 16 GT/s x16")
        var slot = both
        slot.upstreamMaxSpeed = 250
        slot.upstreamMaxWidth = 8
        #expect(slot.shortfalls.isEmpty)
        slot.upstreamMaxSpeed = nil
        slot.upstreamMaxWidth = nil
        #expect(slot.shortfalls.isEmpty)
    }

    @Test func `reserved regions line by line, other lines left out`() {
        let text = """
            0x00000000000a0000 0x00000000000bffff direct
            0x00000000fee00000 0x00000000feefffff msi
            0x00000000e0000000 0x00000000dfffffff direct
            0x0000000000000000 0xffffffffffffffff direct-relaxable
            nonsense
            0x0 0x1 later
            """
        let regions = ReservedRegion.lines(text)
        #expect(regions.map(\.kind) == [.direct, .msi, .directRelaxable])
        #expect(regions.first?.range == "0x000a0000-0x000bffff")
    }

    @Test func `error counters have a total, or say nothing`() {
        #expect(ErrorCounts.total("Undefined 0\nDLP 2\nTOTAL_ERR_FATAL 2\n") == 2)
        #expect(ErrorCounts.total("RxErr 1\n") == nil && ErrorCounts.total("TOTAL_ERR_COR x\n") == nil)
    }
}
