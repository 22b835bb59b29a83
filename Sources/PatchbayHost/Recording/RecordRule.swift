/// One kind of thing that a recording takes from a host. A `*` in a path stands for any part of a name.
enum RecordRule: Hashable, Sendable {
    /// Files as they are.
    case bytes(String)
    /// Only that something is there: an empty file or directory takes its place.
    case presence(String)
    /// Directories one level deep: their links and the names of their directories, no files.
    case links(String)
    /// Files of which only a part is read.
    case reduced(String, Reduction)
    /// Directories to the bottom: links, directories, and the files whose names are in `SysfsPath.recordedAttributes`.
    case walk(String)
    /// `proc/<pid>` of processes that hold a device node or a listening socket's place in a device: see `HolderCollector`.
    case holders
    /// `proc/<pid>` of the daemons that start guests: name and limits.
    case daemons
}

/// What is left of a file of which a recording needs a part.
enum Reduction: Hashable, Sendable {
    /// The first bytes.
    case head(Int)
    /// Lines that are neither empty nor comments.
    case settings
    /// Lines that contain one of these.
    case lines(containing: [String])
    /// Stanzas of dpkg's status of these packages: name, status and version.
    case packages([String])

    func apply(_ bytes: [UInt8]) -> [UInt8] {
        if case .head(let count) = self { return Array(bytes.prefix(count)) }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        var kept: [Substring]
        switch self {
        case .head: kept = []
        case .settings:
            kept = lines.filter { line in
                let text = line.trimmingBlanks
                return !text.isEmpty && !text.hasPrefix("#")
            }
        case .lines(let words): kept = lines.filter { line in words.contains { line.contains($0) } }
        case .packages(let names): kept = Self.stanzas(lines, of: names)
        }
        return kept.isEmpty ? [] : Array((kept.joined(separator: "\n") + "\n").utf8)
    }

    private static func stanzas(_ lines: [Substring], of names: [String]) -> [Substring] {
        var kept: [Substring] = []
        for stanza in lines.split(separator: "") {
            guard let first = stanza.first, first.hasPrefix("Package: "),
                names.contains(where: { TreePath.matches(first.dropFirst(9), $0) })
            else { continue }
            kept += stanza.filter { line in
                ["Package: ", "Status: ", "Architecture: ", "Version: "].contains { line.hasPrefix($0) }
            }
            kept.append("")
        }
        return kept
    }
}
