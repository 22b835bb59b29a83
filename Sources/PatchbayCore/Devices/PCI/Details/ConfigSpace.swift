/// The configuration space of a PCI function: 64, 256 or 4,096 bytes as they were read.
///
/// Whoever makes a device, or records a tree, decides what is in here: every read is bounded, every list ends.
/// Source: PCI Local Bus Specification 3.0 section 6, PCI Express Base Specification 6.0 sections 7.5 and 7.6.
package struct ConfigSpace: Hashable, Sendable {
    /// One element of a capability list.
    package struct Entry: Hashable, Sendable {
        /// 8 bits in the standard list, 16 in the extended one.
        package var id: UInt16
        package var offset: Int

        package init(id: UInt16, offset: Int) {
            self.id = id
            self.offset = offset
        }
    }

    /// A list as far as it could be followed.
    package struct List: Hashable, Sendable {
        package var entries: [Entry] = []
        /// It ended as it should: no loop, no pointer out of bounds.
        package var isSound = true
    }

    private let bytes: [UInt8]

    /// What is beyond 4,096 bytes is no configuration space.
    package init(_ bytes: [UInt8]) { self.bytes = bytes.count <= 0x1000 ? bytes : Array(bytes.prefix(0x1000)) }

    package var count: Int { bytes.count }

    /// The device does not answer: the whole header reads as ones. A virtual function's ids alone read so as well.
    package var isSilent: Bool { bytes.count >= 4 && bytes.prefix(0x40).allSatisfy { $0 == 0xff } }

    /// How it shows that the device does not answer; nil: it does, or less than the type of the header was read.
    package var silence: Silence.Sign? {
        guard let type = byte(0x0e) else { return nil }
        if bytes.prefix(0x40).allSatisfy({ $0 == 0xff }) { return .allOnes }
        // The highest bit says that there are more functions; 2 is the highest type there is.
        return type & 0x7f <= 2 ? nil : .unknownHeader
    }

    /// nil: beyond what was read. Little-endian, as all of it.
    func byte(_ offset: Int) -> UInt8? { bytes.indices.contains(offset) ? bytes[offset] : nil }

    func word(_ offset: Int) -> UInt16? {
        guard let low = byte(offset), let high = byte(offset + 1) else { return nil }
        return UInt16(high) << 8 | UInt16(low)
    }

    func double(_ offset: Int) -> UInt32? {
        guard let low = word(offset), let high = word(offset + 2) else { return nil }
        return UInt32(high) << 16 | UInt32(low)
    }
}

extension ConfigSpace {
    /// nil: no more than the standard header was read, so nobody can tell. Empty: the function has none.
    package var standardList: List? {
        guard bytes.count > 0x40, let status = word(0x06) else { return nil }
        guard status & 0x10 != 0, var offset = byte(firstPointer) else { return List() }
        var list = List()
        // The lowest two bits are reserved. 48 elements of four bytes fill the space behind the header.
        offset &= 0xfc
        while offset != 0 {
            guard offset >= 0x40, list.entries.count < 48, let id = byte(Int(offset)),
                let next = byte(Int(offset) + 1), id != 0xff,
                !list.entries.contains(where: { $0.offset == Int(offset) })
            else {
                list.isSound = false
                return list
            }
            list.entries.append(Entry(id: UInt16(id), offset: Int(offset)))
            offset = next & 0xfc
        }
        return list
    }

    /// CardBus bridges have theirs in another place than all others.
    private var firstPointer: Int { (byte(0x0e) ?? 0) & 0x7f == 2 ? 0x14 : 0x34 }

    /// nil: only the first 256 bytes were read, or there are only so many: what is above reads as ones, or repeats.
    package var extendedList: List? {
        guard bytes.count >= 0x104, let first = double(0x100), first != .max, !isRepeating else { return nil }
        var list = List()
        var offset = 0x100
        var seen: Set<Int> = []
        while offset != 0 {
            guard offset >= 0x100, list.entries.count < 480, seen.insert(offset).inserted,
                let header = double(offset), header != .max
            else {
                list.isSound = false
                return list
            }
            if header == 0 { return list }
            list.entries.append(Entry(id: UInt16(truncatingIfNeeded: header), offset: offset))
            offset = Int(header >> 20) & 0xffc
        }
        return list
    }

    /// Some bridges show the first 256 bytes again and again where the extended space should be
    /// (`pci_ext_cfg_is_aliased` in `drivers/pci/probe.c`).
    private var isRepeating: Bool {
        guard let ids = double(0), ids != 0 else { return false }
        return stride(from: 0x100, to: bytes.count, by: 0x100).allSatisfy { double($0) == ids }
    }
}
