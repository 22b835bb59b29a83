import PatchbayCore

extension Anonymiser {
    /// Kernel parameters, alone or in a line of a boot loader's file.
    mutating func commandLine(_ line: Substring) -> String {
        var result = ""
        var rest = line
        while let first = rest.first {
            let isBreak = { (character: Character) in character.isWhitespace || character == "\"" || character == "'" }
            if isBreak(first) {
                result.append(rest.removeFirst())
            } else {
                let word = rest.prefix { !isBreak($0) }
                rest = rest.dropFirst(word.count)
                result += parameter(String(word))
            }
        }
        return result
    }

    mutating func parameter(_ word: String) -> String {
        guard let equals = word.lastIndex(of: "="), word.index(after: equals) < word.endIndex else {
            return disk(word) ?? plain(word)
        }
        let key = word[..<equals]
        let value = String(word[word.index(after: equals)...])
        if value.contains("://") || value.contains("@") { return "\(key)=made-up" }
        switch key.split(separator: "=").last {
        // The hardware type goes before the address, and makes it another number.
        case "BOOTIF" where value.count == 20: return "\(key)=\(value.prefix(3))\(plain(String(value.dropFirst(3))))"
        case "UUID", "PARTUUID": return "\(plain(String(key)))=\(identity(value))"
        case "LABEL", "PARTLABEL": return "\(plain(String(key)))=\(values.value(.label, value))"
        case "systemd.hostname", "hostname": return "\(key)=\(names[value] ?? values.value(.host, value))"
        case "rd.luks.uuid", "rd.md.uuid", "rd.luks.name": return "\(key)=\(plain(value))"
        case "nfsroot", "rd.nfs", "netroot", "rd.iscsi.initiator", "iscsi_initiator":
            return "\(key)=\(values.value(.share, value))"
        default: return disk(word) ?? plain(word)
        }
    }

    /// A UUID, or what a small file system has for one: `1A2B-3C4D`.
    mutating func identity(_ value: String) -> String {
        let digits = value.filter { $0 != "-" }.lowercased()
        guard !digits.isEmpty, digits.allSatisfy(\.isHexDigit) else { return values.value(.label, value) }
        return String(decoding: HexRuns.spell(values.hex(digits), like: Array(value.utf8)[...]), as: UTF8.self)
    }

    /// `/dev/disk/by-id/…` and its kind name disks by what is secret.
    private mutating func disk(_ word: String) -> String? {
        if let range = word.firstRange(of: SysfsPath.zfsVolumes), let volume = volume(at: word[range.lowerBound...]) {
            return word[..<range.lowerBound] + volume
        }
        for folder in ["by-id", "by-label", "by-partlabel", "by-uuid", "by-partuuid"] {
            guard let range = word.firstRange(of: "/dev/disk/\(folder)/") else { continue }
            let name = String(word[range.upperBound...])
            return word[..<range.upperBound] + (folder.hasSuffix("uuid") ? identity(name) : values.value(.label, name))
        }
        return nil
    }

    private mutating func plain(_ word: String) -> String {
        String(decoding: plainText(addresses(in: Array(word.utf8)), allNames: true, isFree: true), as: UTF8.self)
    }
}
