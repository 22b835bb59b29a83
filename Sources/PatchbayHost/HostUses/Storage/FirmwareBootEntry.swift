import PatchbayCore

/// One of the firmware's own boot entries: the EFI variable `Boot0003`.
///
/// Four bytes of the variable, then the load option: four bytes (bit 0: active), the length of its device path, a name in
/// UTF-16, and the nodes of the path, each with type, subtype and length (UEFI Specification, sections 3.1.3 and 10.3).
struct FirmwareBootEntry: Equatable {
    struct Hop: Equatable {
        var device: UInt8
        var function: UInt8
    }

    /// `0003`
    var number: String
    var isActive = false
    /// PCI devices on the way, outermost first: device and function.
    var path: [Hop] = []
    /// The number of the PCI root; nil: the path begins elsewhere.
    var root: UInt32?
    /// The UUID of the partition as udev spells it.
    var partition: String?
    /// The hardware address of the network card.
    var mac: [UInt8]?
    /// The port below the PCI device, where it is a USB controller: from 1.
    var usbPort: Int?
    /// It starts another system: the loader of Windows.
    var isOfAnotherSystem = false
    /// It starts the file that firmware looks for on any disk: such entries come and go without anybody's doing.
    var isFallback = false

    /// nil: too short for a load option.
    init?(number: String, _ bytes: [UInt8]) {
        guard bytes.count >= 10 else { return nil }
        self.number = number
        isActive = bytes[4] & 1 == 1
        if let path = Self.path(in: bytes) { forEachNode(path, bytes) }
    }

    /// Where the path begins: behind the two zero bytes that end the name.
    private static func endOfName(_ bytes: [UInt8]) -> Int? {
        stride(from: 10, to: bytes.count - 1, by: 2).first { bytes[$0] == 0 && bytes[$0 + 1] == 0 }.map { $0 + 2 }
    }

    private mutating func forEachNode(_ path: Range<Int>, _ bytes: [UInt8]) {
        for node in Self.nodes(path, in: bytes) { take(node.type, node.subtype, Array(bytes[node.content])) }
    }

    struct Node {
        var type: UInt8
        var subtype: UInt8
        /// Its bytes behind type, subtype and length.
        var content: Range<Int>
    }

    /// The nodes up to the one that ends the path, or to one that cannot be.
    static func nodes(_ path: Range<Int>, in bytes: [UInt8]) -> [Node] {
        var nodes: [Node] = []
        var at = path.lowerBound
        while at + 4 <= path.upperBound {
            let length = Int(bytes[at + 2]) | Int(bytes[at + 3]) << 8
            guard length >= 4, at + length <= path.upperBound, bytes[at] != 0x7f else { break }
            nodes.append(Node(type: bytes[at], subtype: bytes[at + 1], content: (at + 4)..<(at + length)))
            at += length
        }
        return nodes
    }

    /// Where the path lies in a load option; nil: it has none.
    static func path(in bytes: [UInt8]) -> Range<Int>? {
        guard bytes.count >= 10, let start = endOfName(bytes), start <= bytes.count else { return nil }
        return start..<min(start + (Int(bytes[8]) | Int(bytes[9]) << 8), bytes.count)
    }

    private mutating func take(_ type: UInt8, _ subtype: UInt8, _ node: [UInt8]) {
        switch (type, subtype) {
        case (1, 1) where node.count >= 2: path.append(Hop(device: node[1], function: node[0]))
        case (2, 1) where node.count >= 8: root = Self.number(node[4..<8])
        case (3, 5) where node.count >= 2: usbPort = Int(node[0]) + 1
        case (3, 11) where node.count >= 6: mac = Array(node.prefix(6))
        case (4, 1) where node.count >= 38: partition = Self.partition(node)
        case (4, 4):
            isOfAnotherSystem = Self.isBelow("\\efi\\microsoft\\", node)
            isFallback = Self.isBelow("\\efi\\boot\\boot", node)
        default: break
        }
    }

    /// Number, start, size, signature of 16 bytes, kind of table, kind of signature. The first three parts of a GUID are
    /// written backwards; udev spells a partition of an MBR by the signature of the disk and its number.
    static func partition(_ node: [UInt8]) -> String? {
        let signature = Array(node[20..<36])
        switch node[37] {
        case 1: return "\(hex(signature[0..<4].reversed()))-\(hex([UInt8(truncatingIfNeeded: number(node[0..<4]))]))"
        case 2:
            let parts = [signature[0..<4].reversed(), signature[4..<6].reversed(), signature[6..<8].reversed()]
            return parts.map { hex($0) + "-" }.joined() + "\(hex(signature[8..<10]))-\(hex(signature[10..<16]))"
        default: return nil
        }
    }

    private static func isBelow(_ folder: String, _ file: [UInt8]) -> Bool {
        String(decoding: file.filter { $0 != 0 }, as: UTF8.self).lowercased().contains(folder)
    }

    /// What is read of a load option, as a load option again: no name, no file but those that every machine has, no serial numbers of
    /// disks.
    static func reduced(_ bytes: [UInt8]) -> [UInt8] {
        guard let path = path(in: bytes) else { return Array(bytes.prefix(8)) }
        let kept = nodes(path, in: bytes).filter { node in
            switch (node.type, node.subtype) {
            case (1, 1), (2, 1), (3, 5), (3, 11), (4, 1): true
            case (4, 4):
                ["\\efi\\microsoft\\boot\\bootmgfw", "\\efi\\boot\\boot"].contains {
                    isBelow($0, Array(bytes[node.content]))
                }
            default: false
            }
        }
        var whole = Array(bytes.prefix(8))
        let length = kept.reduce(4) { $0 + $1.content.count + 4 }
        whole += [UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8), 0, 0]
        for node in kept { whole += bytes[(node.content.lowerBound - 4)..<node.content.upperBound] }
        return whole + [0x7f, 0xff, 4, 0]
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { $0 < 16 ? "0\(String($0, radix: 16))" : String($0, radix: 16) }.joined()
    }
}

/// What the firmware says of how it starts the machine.
struct FirmwareBootEntries {
    let tree: HostTree

    /// The entry that started the machine; nil: not told, or deleted since.
    func current() -> FirmwareBootEntry? { numbers(SysfsPath.bootCurrent).first.flatMap { entry($0) } }

    /// Entries in the firmware's order, at most 32 of them; the first is tried first.
    func inOrder() -> [FirmwareBootEntry] { numbers(SysfsPath.bootOrder).prefix(32).compactMap { entry($0) } }

    private func numbers(_ path: String) -> [String] {
        let bytes = tree.variable(path, atMost: 1024)?.dropFirst(4) ?? []
        return stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { index in
            let text = String(Int(bytes[index]) | Int(bytes[index + 1]) << 8, radix: 16, uppercase: true)
            return String(repeating: "0", count: max(0, 4 - text.count)) + text
        }
    }

    private func entry(_ number: String) -> FirmwareBootEntry? {
        tree.variable(SysfsPath.bootEntry(number), atMost: 4096).flatMap { FirmwareBootEntry(number: number, $0) }
    }
}
