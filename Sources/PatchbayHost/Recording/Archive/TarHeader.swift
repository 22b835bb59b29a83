/// The 512-byte block before each member of a tar archive.
///
/// Source: POSIX.1-2017, `pax`, "ustar Interchange Format" and "pax Interchange Format"; GNU tar's long names are read.
struct TarHeader: Hashable, Sendable {
    enum Kind: UInt8, Sendable {
        case file = 0x30
        case link = 0x32
        case directory = 0x35
        /// Records about the next member.
        case extended = 0x78
        /// Records about all members that follow.
        case global = 0x67
        case longName = 0x4c
        case longLink = 0x4b
    }
    static let blockSize = 512

    var name: String
    var linkTarget = ""
    var size = 0
    /// nil: of a kind that a recording has no use for: devices, hard links, sparse files.
    var kind: Kind?

    /// How many bytes the member's content takes, with what fills up its last block.
    var paddedSize: Int { (size + Self.blockSize - 1) / Self.blockSize * Self.blockSize }

    /// nil: the name or target does not fit and needs a record of its own.
    var block: [UInt8]? {
        guard let kind, let (prefix, name) = Self.split(Array(name.utf8)), linkTarget.utf8.count <= 100 else {
            return nil
        }
        var block = [UInt8](repeating: 0, count: Self.blockSize)
        func put(_ bytes: some Sequence<UInt8>, _ at: Int) {
            for (offset, byte) in bytes.enumerated() { block[at + offset] = byte }
        }
        put(name, 0)
        put(Self.octal(kind == .directory ? 0o755 : 0o644, 7), 100)
        put(Self.octal(0, 7), 108)
        put(Self.octal(0, 7), 116)
        put(Self.octal(size, 11), 124)
        put(Self.octal(0, 11), 136)
        put([UInt8](repeating: 0x20, count: 8), 148)
        block[156] = kind.rawValue
        put(linkTarget.utf8, 157)
        put("ustar\u{0}00".utf8, 257)
        put(prefix, 345)
        let sum = block.reduce(0) { $0 + Int($1) }
        put(Self.octal(sum, 6) + [0, 0x20], 148)
        return block
    }

    /// Up to 100 bytes of name behind a slash, up to 155 before it.
    private static func split(_ name: [UInt8]) -> (prefix: [UInt8], name: [UInt8])? {
        if name.count <= 100 { return ([], name) }
        guard name.count <= 256,
            let slash = name.indices.first(where: { name[$0] == 0x2f && name.count - $0 - 1 <= 100 }), slash <= 155,
            slash + 1 < name.count
        else { return nil }
        return (Array(name[..<slash]), Array(name[(slash + 1)...]))
    }

    private static func octal(_ value: Int, _ width: Int) -> [UInt8] {
        let digits = String(value, radix: 8)
        return Array((String(repeating: "0", count: max(0, width - digits.count)) + digits).utf8)
    }

    /// nil: the block is not a header: its checksum or its numbers are wrong.
    init?(_ block: ArraySlice<UInt8>) {
        let block = Array(block)
        guard block.count == Self.blockSize, let told = Self.number(block[148..<156]) else { return nil }
        let sum = block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
        guard sum == told, let size = Self.number(block[124..<136]) else { return nil }
        self.size = size
        kind = Kind(rawValue: block[156] == 0 ? 0x30 : block[156])
        linkTarget = Self.text(block[157..<257])
        let name = Self.text(block[0..<100])
        let prefix =
            block[257..<262].elementsEqual("ustar".utf8) && block[263] == 0x30 ? Self.text(block[345..<500]) : ""
        self.name = prefix.isEmpty ? name : "\(prefix)/\(name)"
        if kind == .file, self.name.hasSuffix("/") { kind = .directory }
    }

    init(_ kind: Kind, _ name: String, size: Int = 0, linkTarget: String = "") {
        self.kind = kind
        self.name = name
        self.size = size
        self.linkTarget = linkTarget
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Octal digits, or GNU's binary numbers for what does not fit.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        if let first = field.first, first & 0x80 != 0 {
            return field.dropFirst().reduce(Int?(0)) { value, byte in
                value.flatMap { $0 > Int.max >> 9 ? nil : $0 << 8 | Int(byte) }
            }
        }
        let digits = String(decoding: field, as: UTF8.self).filter { $0 != "\u{0}" && $0 != " " }
        return digits.isEmpty ? 0 : Int(digits, radix: 8).flatMap { $0 < 0 ? nil : $0 }
    }
}
