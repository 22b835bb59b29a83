/// A recorded tree as a tar archive: the same tree gives the same bytes, whoever records it and when.
enum TarWriter {
    static func archive(_ tree: RecordedTree) -> [UInt8] {
        var archive: [UInt8] = []
        archive.reserveCapacity(tree.byteCount + tree.entries.count * 1024)
        for path in tree.paths {
            switch tree[path] {
            case .directory: add(TarHeader(.directory, path + "/"), [], to: &archive)
            case .file(let bytes): add(TarHeader(.file, path, size: bytes.count), bytes, to: &archive)
            case .link(let target): add(TarHeader(.link, path, linkTarget: target), [], to: &archive)
            case nil: continue
            }
        }
        // Two blocks of zeros end an archive; writers fill up to twenty.
        let record = 20 * TarHeader.blockSize
        let end = archive.count + 2 * TarHeader.blockSize
        archive += [UInt8](repeating: 0, count: (end + record - 1) / record * record - archive.count)
        return archive
    }

    private static func add(_ header: TarHeader, _ content: [UInt8], to archive: inout [UInt8]) {
        if let block = header.block {
            archive += block
        } else {
            let records = record("path", header.name) + record("linkpath", header.linkTarget)
            add(TarHeader(.extended, "long-name", size: records.count), records, to: &archive)
            var short = header
            short.name = String(decoding: header.name.utf8.suffix(90), as: UTF8.self)
            short.linkTarget = String(decoding: header.linkTarget.utf8.prefix(90), as: UTF8.self)
            archive += short.block ?? []
        }
        archive += content
        archive += [UInt8](repeating: 0, count: header.paddedSize - content.count)
    }

    /// `30 path=…\n`: the number counts the whole record, itself included.
    private static func record(_ key: String, _ value: String) -> [UInt8] {
        guard !value.isEmpty else { return [] }
        let body = " \(key)=\(value)\n"
        var length = body.utf8.count
        while "\(length)".utf8.count + body.utf8.count != length { length = "\(length)".utf8.count + body.utf8.count }
        return Array("\(length)\(body)".utf8)
    }
}
