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
    /// All routing tables with the rules that choose them, and the kinds of virtual interfaces, of which the live kernel
    /// tells only when it is asked.
    case routes
    /// `proc/<pid>` of processes that have a device node open, or that are in namespaces with mounts or interfaces of their own.
    case holders
    /// `proc/<pid>` of the daemons that start guests.
    case daemons
    /// Devices of pools and services, of which the files that tell are not to be kept as they are.
    case services
}

/// What is left of a file of which a recording needs a part.
enum Reduction: Hashable, Sendable {
    /// The first bytes.
    case head(Int)
    /// Lines that are neither empty nor comments.
    case settings
    /// The same, each on its line: in the place of a comment stands an empty one, or only that a program writes the file.
    case numberedSettings
    /// Lines that contain one of these.
    case lines(containing: [String])
    /// Lines that begin with a word, in any case, up to their second word.
    case keyword(String)
    /// Established connections of `proc/net/tcp`, up to their state.
    case connections
    /// The disks of a guest's definition.
    case disks
    /// The place of an entry of the firmware's.
    case bootEntry
    /// Stanzas of dpkg's status of these packages: name, status and version.
    case packages([String])

    func apply(_ bytes: [UInt8]) -> [UInt8] {
        if case .head(let count) = self { return Array(bytes.prefix(count)) }
        if case .bootEntry = self { return FirmwareBootEntry.reduced(bytes) }
        if case .disks = self { return Array(GuestDisks.disksAlone(in: String(decoding: bytes, as: UTF8.self)).utf8) }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let kept: [Substring]
        switch self {
        case .head, .disks, .bootEntry: kept = []
        case .keyword(let word):
            kept = lines.filter { Self.words($0).first?.lowercased() == word }.map { line in
                Self.words(line).prefix(2).joined(separator: " ")[...]
            }
        case .connections:
            let open = lines.dropFirst().filter { Self.words($0).dropFirst(3).first == "01" }
            kept = lines.prefix(1) + open.map { Self.words($0).prefix(4).joined(separator: " ")[...] }
        case .settings:
            kept = lines.filter { line in
                let text = line.trimmingBlanks
                return !text.isEmpty && !text.hasPrefix("#")
            }
        case .numberedSettings:
            let numbered = lines.map { line in
                SettingFile.isComment(line) ? SettingFile.writersMark(line) ?? "#" : line
            }
            kept = Array(numbered.prefix(1 + (numbered.lastIndex { !$0.isEmpty && $0 != "#" } ?? -1)))
        case .lines(let words): kept = lines.filter { line in words.contains { line.contains($0) } }
        case .packages(let names): kept = Self.stanzas(lines, of: names)
        }
        return kept.isEmpty ? [] : Array((kept.joined(separator: "\n") + "\n").utf8)
    }

    private static func words(_ line: Substring) -> [Substring] {
        line.split { $0 == " " || $0 == "\t" || $0 == "=" }
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
