import PatchbayCore

extension Anonymiser {
    /// A line of `mountinfo` (`… root target options - type source options`) or of `mounts` (`source target type options`).
    mutating func mount(_ line: Substring) -> String {
        var fields = line.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
        if let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 2 {
            let type = fields[dash + 1]
            fields[3] = place(fields[3])
            fields[4] = place(fields[4])
            fields[dash + 2] = source(fields[dash + 2], type)
            for index in (dash + 3)..<fields.count { fields[index] = mountOptions(fields[index]) }
        } else if fields.count >= 4 {
            fields[0] = source(fields[0], fields[2])
            fields[1] = place(fields[1])
            fields[3] = mountOptions(fields[3])
        } else {
            return free(String(line))
        }
        return fields.joined(separator: " ")
    }

    mutating func free(_ text: String) -> String {
        String(decoding: plainText(addresses(in: Array(text.utf8)), allNames: true, isFree: true), as: UTF8.self)
    }

    /// Users by their homes and their media.
    mutating func place(_ path: String) -> String {
        if let volume = volume(at: path) { return volume }
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        for index in parts.indices.dropFirst() where !parts[index].isEmpty {
            let above = parts[index - 1]
            if above == "home" || above == "media" { parts[index] = values.value(.user, parts[index]) }
        }
        return free(parts.joined(separator: "/"))
    }

    mutating func source(_ source: String, _ type: String) -> String {
        if type == "zfs" { return pool(source) }
        guard Self.networkTypes.contains(type) else { return volume(at: source) ?? free(source) }
        if source.hasPrefix("//") {
            let parts = source.dropFirst(2).split(separator: "/", maxSplits: 1)
            guard let server = parts.first else { return source }
            return "//\(self.server(String(server)))"
                + (parts.count > 1 ? "/" + values.value(.share, String(parts[1])) : "")
        }
        guard let colon = source.lastIndex(of: ":") else { return values.value(.share, source) }
        let path = source[source.index(after: colon)...]
        let name = path == "/" || path.isEmpty ? String(path) : "/" + values.value(.share, String(path.trimmingSlash))
        return source[..<colon].split(separator: ",").map { server(String($0)) }.joined(separator: ",") + ":" + name
    }

    mutating func server(_ name: String) -> String {
        if let user = name.firstIndex(of: "@") {
            return values.value(.user, String(name[..<user])) + "@" + server(String(name[name.index(after: user)...]))
        }
        if Self.dotted(name.utf8) != nil { return free(name) }
        return names[name] ?? values.value(.server, name)
    }

    mutating func mountOptions(_ options: String) -> String {
        options.split(separator: ",", omittingEmptySubsequences: false).map { option -> String in
            guard let equals = option.firstIndex(of: "=") else { return free(String(option)) }
            let key = option[..<equals]
            let value = String(option[option.index(after: equals)...])
            switch key {
            case "username", "user": return "\(key)=\(values.value(.user, value))"
            case "password", "pass", "secret", "domain", "credentials", "name", "mon_addr", "unc", "prefixpath":
                return "\(key)=\(values.value(.name, value))"
            default: return free(String(option))
            }
        }.joined(separator: ",")
    }

    private static let networkTypes: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "ceph", "glusterfs", "fuse.glusterfs", "fuse.sshfs", "lustre", "afs", "9p",
        "beegfs", "fuse.ceph", "ocfs2", "gpfs",
    ]
}

extension StringProtocol {
    fileprivate var trimmingSlash: SubSequence { drop { $0 == "/" } }
}
