import PatchbayCore

extension Anonymiser {
    /// What udev found on a disk. The type of a partition is the same on every machine and stays.
    mutating func udev(_ line: Substring) -> String {
        if line.hasPrefix(Self.volumeNode) {
            return Self.volumeNode + pool(String(line.dropFirst(Self.volumeNode.count)))
        }
        guard let equals = line.firstIndex(of: "=") else { return String(line) }
        let key = line[..<equals]
        let value = String(line[line.index(after: equals)...])
        switch key {
        case "E:ID_FS_TYPE", "E:ID_PART_TABLE_TYPE", "E:ID_PART_ENTRY_TYPE", "E:ID_PART_ENTRY_FLAGS":
            return String(line)
        case "E:ID_FS_UUID", "E:ID_PART_ENTRY_UUID": return "\(key)=\(identity(value))"
        case "E:ID_FS_LABEL", "E:ID_PART_ENTRY_NAME": return "\(key)=\(values.value(.label, value))"
        // Nothing else of the record is read.
        default: return ""
        }
    }

    /// Before the name that udev gave a volume of ZFS.
    private static let volumeNode = "S:\(UdevDatabase.Record.zfsVolumes)"

    /// `tank/data`: the pool is known by its label.
    mutating func pool(_ dataset: String) -> String {
        let parts = dataset.split(separator: "/", maxSplits: 1)
        guard let pool = parts.first else { return dataset }
        return values.value(.label, String(pool)) + (parts.count > 1 ? "/" + values.value(.name, String(parts[1])) : "")
    }

    /// `/dev/zvol/tank/vm-100`: the pool is called as everywhere. nil: another path.
    mutating func volume(at path: some StringProtocol) -> String? {
        guard path.hasPrefix(SysfsPath.zfsVolumes) else { return nil }
        return SysfsPath.zfsVolumes + pool(String(path.dropFirst(SysfsPath.zfsVolumes.count)))
    }

    /// A line of fstab(5), or a setting of a crash dump: what, where, how.
    mutating func tableLine(_ line: Substring) -> String {
        let words = line.split { $0 == " " || $0 == "\t" }.map { String($0) }
        guard words.count >= 3 else {
            return words.map { $0.contains("@") ? server($0) : place(parameter($0)) }.joined(separator: " ")
        }
        var result = words
        let isSpecification = words[0].contains("=") || words[0].hasPrefix("/dev/")
        result[0] = isSpecification ? parameter(words[0]) : source(words[0], words[2])
        result[1] = place(words[1])
        for index in 3..<max(3, words.count) { result[index] = mountOptions(words[index]) }
        return result.joined(separator: " ")
    }

    /// An EFI variable: four bytes of attributes, then a UUID in UTF-16.
    mutating func loaderPartition(_ bytes: [UInt8]) -> [UInt8] {
        let places = bytes.indices.dropFirst(4).filter { bytes[$0] != 0 }
        let text = places.map { bytes[$0] }
        let made = plainText(text, allNames: false, isFree: true)
        guard made.count == text.count else { return Array(bytes.prefix(4)) }
        var result = bytes
        for (place, byte) in zip(places, made) { result[place] = byte }
        return result
    }

    /// Names of machines in the scopes that systemd makes for them: `machine-qemu\x2d1\x2dweb.scope`.
    mutating func cgroup(_ line: Substring) -> String {
        let parts = line.split(separator: "/", omittingEmptySubsequences: false).map { part -> String in
            guard part.hasPrefix("machine-"), part.hasSuffix(".scope"), let dash = part.ranges(of: "x2d").last else {
                return free(String(part))
            }
            let name = part[dash.upperBound...].dropLast(6)
            return part[..<dash.upperBound] + values.value(.machine, String(name)) + ".scope"
        }
        return parts.joined(separator: "/")
    }

    /// A source of a guest's disk: the directory stays, the file's name goes.
    mutating func guest(_ line: Substring) -> String {
        let pieces = line.split(separator: "'", omittingEmptySubsequences: false).map { String($0) }
        return pieces.enumerated().map { index, piece -> String in
            guard index % 2 == 1 else { return piece }
            let key = pieces[index - 1]
            if key.hasSuffix("name=") { return server(piece) }
            guard piece.hasPrefix("/"), !piece.hasPrefix("/dev/"), key.hasSuffix("file="),
                let slash = piece.lastIndex(of: "/")
            else { return place(piece) }
            return place(String(piece[...slash])) + values.value(.name, String(piece[piece.index(after: slash)...]))
        }.joined(separator: "'")
    }

    /// Paths in which a name stands that has a kind of its own. nil: any other path.
    mutating func namedPath(_ path: String) -> String? {
        for folder in [SysfsPath.runningGuests, SysfsPath.definedGuests] where path.hasPrefix("\(folder)/") {
            let name = path.dropFirst(folder.count + 1).dropLast(4)
            return name.contains("/") ? nil : "\(folder)/\(values.value(.machine, String(name))).xml"
        }
        if path.hasPrefix("\(SysfsPath.physicalVolumes)/") {
            let name = path.dropFirst(SysfsPath.physicalVolumes.count + 1)
            return "\(SysfsPath.physicalVolumes)/\(values.value(.serial, String(name)))"
        }
        if path.hasPrefix("\(SysfsPath.volumeGroups)/") {
            let name = path.dropFirst(SysfsPath.volumeGroups.count + 1)
            return "\(SysfsPath.volumeGroups)/\(values.value(.volumeGroup, String(name)))"
        }
        guard path.hasPrefix("\(SysfsPath.zfsPools)/") else { return nil }
        return "\(SysfsPath.zfsPools)/\(values.value(.label, String(path.dropFirst(SysfsPath.zfsPools.count + 1))))"
    }
}
