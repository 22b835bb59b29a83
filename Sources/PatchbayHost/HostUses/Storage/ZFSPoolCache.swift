/// The devices of ZFS pools, with those that carry no label of the pool: caches and spares.
///
/// ZFS keeps the configuration of imported pools in `zpool.cache`, an XDR list of names and values: after a header of four
/// bytes a list has two words (version, flags) and then pairs of size, unpacked size, name, type, number of values, values;
/// a pair of size 0 ends it (`module/nvpair/nvpair.c` of OpenZFS).
struct ZFSPoolCache: Equatable {
    struct Member: Hashable {
        var pool: String
        var node: String
        /// The pool goes on without it: a cache or a spare.
        var isAuxiliary: Bool
    }

    var members: [Member] = []

    /// nil: the tree holds none.
    init?(in tree: HostTree) {
        if let text = tree.text(SysfsPath.recordedPools) {
            self.init([])
            members = text.split(separator: "\n").compactMap { Self.member(recorded: $0) }
            return
        }
        guard let bytes = SysfsPath.poolCaches.lazy.compactMap({ tree.bytes($0, atMost: 4 << 20) }).first else {
            return nil
        }
        self.init(bytes)
    }

    init(_ bytes: [UInt8]) {
        // Encoding 1 is XDR; whatever else there is says nothing.
        guard bytes.count > 12, bytes[0] == 1 else { return }
        var reader = Reader(bytes: bytes, at: 4)
        reader.list(depth: 0, until: bytes.count) { path, value in
            guard let pool = path.first, path.last == "path" else { return }
            let isAuxiliary = path.contains("l2cache") || path.contains("spares")
            members.append(Member(pool: pool, node: value, isAuxiliary: isAuxiliary))
        }
    }

    private static func member(recorded line: Substring) -> Member? {
        let words = line.split(separator: " ").map(String.init)
        guard words.count >= 2 else { return nil }
        return Member(pool: words[0], node: words[1], isAuxiliary: words.count > 2 && words[2] == "auxiliary")
    }

    /// As a recording holds them, with the kernel's names for the nodes.
    func recorded(in tree: HostTree) -> String {
        members.map { member in
            let target = tree.link(String(member.node.dropFirst())).map {
                "\(SysfsPath.deviceNodes)\($0.lastComponent)"
            }
            let pool = member.pool.filter { !$0.isWhitespace }
            return "\(pool) \(target ?? member.node)\(member.isAuxiliary ? " auxiliary" : "")\n"
        }.joined()
    }

    private struct Reader {
        let bytes: [UInt8]
        var at: Int
        private var path: [String] = []

        init(bytes: [UInt8], at: Int) {
            self.bytes = bytes
            self.at = at
        }

        /// Tells each text of a list with the names on the way to it.
        mutating func list(depth: Int, until limit: Int, _ body: ([String], String) -> Void) {
            guard depth < 24, word() != nil, word() != nil else { return }
            while let size = word(), let unpacked = word(), size > 0 || unpacked > 0 {
                let end = at - 8 + size
                guard size > 8, end <= limit, let name = text() else { return }
                path.append(name)
                pair(end, depth, body)
                path.removeLast()
                at = end
            }
        }

        private mutating func pair(_ end: Int, _ depth: Int, _ body: ([String], String) -> Void) {
            guard let type = word(), let count = word() else { return }
            switch type {
            case 9: if let value = text(), at <= end { body(path, value) }
            case 19, 20:
                for _ in 0..<min(count, 4096) where at < end {
                    list(depth: depth + 1, until: end, body)
                }
            default: break
            }
        }

        private mutating func word() -> Int? {
            guard at + 4 <= bytes.count else { return nil }
            defer { at += 4 }
            return bytes[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
        }

        /// Its length, its bytes, and zeros up to the next word.
        private mutating func text() -> String? {
            guard let length = word(), at + length <= bytes.count else { return nil }
            defer { at += (length + 3) & ~3 }
            return String(decoding: bytes[at..<(at + length)], as: UTF8.self)
        }
    }
}
