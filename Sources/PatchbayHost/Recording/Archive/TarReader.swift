import PatchbayCore

/// Reads a tar archive that anybody may have made into a tree that cannot leave its root.
struct TarReader {
    /// More than any host has, and less than what harms this one.
    struct Limits: Hashable, Sendable {
        var members = 1_000_000
        var fileBytes = 64 << 20
    }

    private let archive: [UInt8]
    private let limits: Limits
    private var at = 0
    private var tree = RecordedTree()
    private var members = 0

    /// Throws `.unreadable` when it is no sound archive, or holds what no recording holds.
    static func tree(of archive: [UInt8], limits: Limits = Limits()) throws(Problem) -> RecordedTree {
        var reader = TarReader(archive: archive, limits: limits)
        try reader.read()
        try LinkGuard.check(reader.tree)
        return reader.tree
    }

    private init(archive: [UInt8], limits: Limits) {
        self.archive = archive
        self.limits = limits
    }

    private mutating func read() throws(Problem) {
        var name: String?
        var target: String?
        while let block = block() {
            if block.allSatisfy({ $0 == 0 }) { break }
            guard let header = TarHeader(block) else { throw Self.broken("it has a member with an invalid header") }
            guard header.size <= limits.fileBytes, header.paddedSize <= archive.count - at else {
                throw Self.broken("the member \"\(header.name)\" is longer than the archive or than any recorded file")
            }
            let content = archive[at..<at + header.size]
            at += header.paddedSize
            switch header.kind {
            case .extended:
                let records = Self.records(content)
                name = records["path"] ?? name
                target = records["linkpath"] ?? target
            case .longName: name = Self.text(content)
            case .longLink: target = Self.text(content)
            case .global: continue
            case .file, .link, .directory, nil:
                try add(header, name: name ?? header.name, target: target ?? header.linkTarget, content)
                name = nil
                target = nil
            }
        }
        guard !tree.entries.isEmpty else { throw Self.broken("it is empty") }
    }

    private mutating func block() -> ArraySlice<UInt8>? {
        guard at + TarHeader.blockSize <= archive.count else { return nil }
        defer { at += TarHeader.blockSize }
        return archive[at..<at + TarHeader.blockSize]
    }

    private mutating func add(
        _ header: TarHeader, name: String, target: String, _ content: ArraySlice<UInt8>
    ) throws(Problem) {
        members += 1
        guard members <= limits.members else { throw Self.broken("it has more than \(limits.members) members") }
        guard !name.hasPrefix("/"), !name.split(separator: "/").contains(".."), !name.contains("\u{0}"),
            name.utf8.count <= 4096, let path = TreePath.normalized(name)
        else { throw Self.broken("the member \"\(name)\" would be outside of it") }
        guard !path.isEmpty else { return }
        try checkAbove(path)
        switch header.kind {
        case .file: tree.add(path, .file(Array(content)))
        case .directory: tree.add(path, .directory)
        case .link: tree.add(path, .link(target))
        case .extended, .global, .longName, .longLink, nil:
            throw Self.broken("the member \"\(name)\" is neither a file, a directory nor a link")
        }
    }

    /// Nothing lies below a link or a file, and nothing takes the place of a directory.
    private func checkAbove(_ path: String) throws(Problem) {
        var parent = TreePath.parent(path)
        while !parent.isEmpty {
            if let above = tree[parent] {
                guard above == .directory else {
                    throw Self.broken("\"\(path)\" is below \"\(parent)\", which is not a directory")
                }
                break
            }
            parent = TreePath.parent(parent)
        }
    }

    private static func records(_ content: ArraySlice<UInt8>) -> [String: String] {
        var records: [String: String] = [:]
        var rest = content
        while let space = rest.firstIndex(of: 0x20), let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
            length > space - rest.startIndex + 1, length <= rest.count
        {
            let record = String(decoding: rest[(space + 1)..<(rest.startIndex + length - 1)], as: UTF8.self)
            if let equals = record.firstIndex(of: "=") {
                records[String(record[..<equals])] = String(record[record.index(after: equals)...])
            }
            rest = rest.dropFirst(length)
        }
        return records
    }

    private static func text(_ content: ArraySlice<UInt8>) -> String {
        String(decoding: content.prefix { $0 != 0 }, as: UTF8.self)
    }

    static func broken(_ why: String) -> Problem {
        Problem(
            .unreadable, "The archive cannot be read: \(why).",
            next: [NextStep("Record it again on the host", .recordHost(file: nil))])
    }
}
