import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Config space` {
    @Test func `tells all that a function announces`() throws {
        var builder = ConfigSpaceBuilder()
        builder.standard(0x01, at: 0x40, [4: 0x0008])
        builder.standard(0x05, at: 0x50, [2: 0x008a])
        builder.standard(0x11, at: 0x70, [2: 0x801f])
        builder.standard(0x10, at: 0x80, [2: 0x0002, 6: 0x1000, 0x0c: 0x0104, 0x0e: 0])
        builder.standard(0x13, at: 0xc0, [2: 0x0306])
        builder.extended(0x01, at: 0x100)
        builder.extended(0x03, at: 0x150, [4: 0xffab_cdef, 8: 0x0015_17ff])
        builder.extended(0x0d, at: 0x160, [4: 0x001d_005f])
        builder.extended(0x0e, at: 0x170)
        builder.extended(0x0f, at: 0x180, [4: 0x8000_0000])
        builder.extended(0x10, at: 0x190, [0x0c: 0x0040_0010, 0x10: 8, 0x14: 0x0001_0004, 0x18: 0x20b7_0000])
        builder.extended(0x13, at: 0x1e0)
        builder.extended(0x1b, at: 0x1f0)
        let capabilities = try #require(builder.capabilities)
        #expect(capabilities.standard == [0x01, 0x05, 0x11, 0x10, 0x13])
        #expect(capabilities.extended == [0x01, 0x03, 0x0d, 0x0e, 0x0f, 0x10, 0x13, 0x1b])
        #expect(capabilities.isSound)
        #expect(!capabilities.resetsOnPowerUp && capabilities.hasAFReset)
        #expect(capabilities.msiVectors == 32 && capabilities.msixVectors == 32)
        #expect(
            capabilities.express
                == PCIExpressCapability(portType: .endpoint, hasFLR: true, maxSpeed: 1600, maxWidth: 16))
        #expect(capabilities.acs?.capable.rawValue == 0x5f && capabilities.acs?.enabled == .forIsolation)
        #expect(capabilities.ats == true && capabilities.hasPRI && capabilities.hasPASID)
        #expect(capabilities.hasARI && capabilities.hasAER)
        #expect(
            capabilities.sriov
                == SRIOVCapability(
                    initialVFs: 16, totalVFs: 64, numVFs: 8, firstOffset: 4, stride: 1, vfDeviceID: 0x20b7))
        #expect(capabilities.serialNumber.map { DeviceSerial(dsn: $0).value } == "00-15-17-ff-ff-ab-cd-ef")
    }

    @Test func `tells the sizes of resizable BARs, beyond 128 TiB as well`() throws {
        var builder = ConfigSpaceBuilder()
        builder.standard(0x10, at: 0x40)
        // Two BARs: 0 with 256 MiB to 16 GiB, now 256 MiB; 2 with 1 MiB and 256 TiB, now 1 MiB.
        builder.extended(0x15, at: 0x100, [4: 0x0007_f000, 8: 0x0000_0840, 0x0c: 0x10, 0x10: 0x0001_0002])
        #expect(
            builder.capabilities?.resizableBARs == [
                ResizableBAR(index: 0, sizes: Array(8...14), current: 8),
                ResizableBAR(index: 2, sizes: [0, 28], current: 0),
            ])
    }

    @Test func `integrated endpoints have no link, bridges their port type`() throws {
        var builder = ConfigSpaceBuilder(headerType: 1)
        builder.standard(0x10, at: 0x40, [2: 0x0092, 0x0c: 0x0104])
        #expect(builder.capabilities?.express == PCIExpressCapability(portType: .integratedEndpoint, hasFLR: false))
        builder.set(0x42, [0x42, 0])
        #expect(
            builder.capabilities?.express
                == PCIExpressCapability(portType: .rootPort, hasFLR: false, maxSpeed: 1600, maxWidth: 16))
        builder.set(0x42, [0xf2, 0])
        #expect(builder.capabilities?.express?.portType == nil)
    }

    @Test func `CardBus bridges have their list elsewhere`() {
        var builder = ConfigSpaceBuilder(size: 256, headerType: 0x82)
        builder.standard(0x01, at: 0xa0)
        #expect(builder.capabilities?.standard == [0x01])
        #expect(builder.capabilities?.resetsOnPowerUp == true)
        #expect(builder.capabilities?.extended == nil)
    }

    @Test func `a list that runs in circles ends`() {
        var builder = ConfigSpaceBuilder()
        builder.standard(0x01, at: 0x40)
        builder.standard(0x05, at: 0x50)
        builder.set(0x51, [0x40])
        builder.extended(0x01, at: 0x100)
        builder.extended(0x0d, at: 0x140)
        builder.word(0x142, 0x1001)
        #expect(builder.capabilities?.standard == [0x01, 0x05])
        #expect(builder.capabilities?.extended == [0x01, 0x0d])
        #expect(builder.capabilities?.isSound == false)
    }

    @Test func `pointers into the header and beyond the end are not followed`() {
        var header = ConfigSpaceBuilder(size: 256)
        header.standard(0x01, at: 0x40)
        header.set(0x41, [0x10])
        #expect(header.capabilities?.standard == [0x01] && header.capabilities?.isSound == false)
        var extended = ConfigSpaceBuilder()
        extended.extended(0x01, at: 0x100)
        extended.word(0x102, 0x0401)
        #expect(extended.capabilities?.extended == [0x01] && extended.capabilities?.isSound == false)
        var short = ConfigSpaceBuilder(size: 1024)
        short.extended(0x01, at: 0x100)
        short.word(0x102, 0x8001)
        #expect(short.capabilities?.extended == [0x01] && short.capabilities?.isSound == false)
    }

    @Test func `what was cut off is not known, and never guessed`() {
        var builder = ConfigSpaceBuilder()
        builder.standard(0x10, at: 0x40, [6: 0x1000])
        builder.extended(0x03, at: 0x100, [4: 1, 8: 2])
        #expect(ConfigSpace(Array(builder.bytes.prefix(64))).capabilities == nil)
        let short = ConfigSpace(Array(builder.bytes.prefix(256))).capabilities
        #expect(short?.express?.hasFLR == true && short?.extended == nil && short?.serialNumber == nil)
        let cut = ConfigSpace(Array(builder.bytes.prefix(0x106))).capabilities
        #expect(cut?.extended == [0x03] && cut?.serialNumber == nil)
        #expect(ConfigSpace([]).capabilities == nil && !ConfigSpace([]).isSilent)
    }

    @Test func `all ones is a silent device, but a virtual function's ids are not`() {
        let silent = ConfigSpace([UInt8](repeating: 0xff, count: 4096))
        #expect(silent.isSilent && silent.capabilities == nil)
        var virtual = ConfigSpaceBuilder()
        virtual.set(0, [0xff, 0xff, 0xff, 0xff])
        virtual.standard(0x10, at: 0x40)
        #expect(!virtual.space.isSilent && virtual.capabilities?.standard == [0x10])
    }

    @Test func `an extended space that reads ones, or repeats the first 256 bytes, is none`() {
        var builder = ConfigSpaceBuilder()
        builder.standard(0x10, at: 0x40)
        var ones = builder.bytes
        ones.replaceSubrange(0x100..., with: [UInt8](repeating: 0xff, count: 0xf00))
        #expect(ConfigSpace(ones).capabilities?.extended == nil && ConfigSpace(ones).capabilities?.isSound == true)
        let repeating = (0..<16).flatMap { _ in builder.bytes.prefix(256) }
        #expect(ConfigSpace(repeating).capabilities?.extended == nil)
        #expect(builder.capabilities?.extended == [])
    }

    @Test func `any bytes are read to the end`() {
        var random = SeededGenerator(seed: 20_240_611)
        for _ in 0..<100_000 {
            let size = random.pick([64, 65, 128, 256, 260, 300, 512])
            var bytes: [UInt8] = []
            while bytes.count < size { withUnsafeBytes(of: random.next()) { bytes.append(contentsOf: $0) } }
            bytes.removeLast(bytes.count - size)
            if random.chance(80) { bytes[6] |= 0x10 }
            let space = ConfigSpace(bytes)
            let capabilities = space.capabilities
            if (capabilities == nil) != (size <= 64) { Issue.record("Wrong for \(size) bytes: \(bytes)") }
            if (capabilities?.standard.count ?? 0) > 48 || (capabilities?.extended?.count ?? 0) > 480 {
                Issue.record("A list without end in \(bytes)")
            }
        }
    }
}
