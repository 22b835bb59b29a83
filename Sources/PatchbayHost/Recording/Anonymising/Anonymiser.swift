import PatchbayCore

/// Puts made-up values in the place of everything in a tree that names a machine, its parts, its people or its network.
///
/// Serial numbers, hardware addresses, UUIDs, world-wide names, host names, IP addresses, labels and names of volumes,
/// servers and users; in text, in names of files, in links, and in config spaces. What readers decide by (which bytes are
/// the same, what is a prefix of what, what is zero) is kept.
package struct Anonymiser: Sendable {
    var values = MadeUpValues()
    var addresses = MadeUpAddresses()
    /// Words that are secret wherever they stand.
    var words: [String: String] = [:]
    /// Words that are secret in what people write, and may be anything in what the kernel writes: host names.
    var names: [String: String] = [:]

    private init() {}

    /// For texts about a host of which only the name is known.
    package init(hostName: String) { learn(hostName: hostName) }

    /// Remembers a name of the host that is not in the tree.
    package mutating func learn(hostName: String) { learnHost(hostName) }

    /// The same tree without its secrets, with what did it: to be asked for what became of a text.
    package static func anonymise(_ tree: RecordedTree) -> (tree: RecordedTree, anonymiser: Anonymiser) {
        var anonymiser = Anonymiser()
        let paths = tree.paths
        for path in paths { anonymiser.harvest(path, tree[path]) }
        var result = RecordedTree()
        for path in paths {
            guard let content = tree[path] else { continue }
            switch content {
            case .directory: result.add(anonymiser.path(path), .directory)
            case .link(let target): result.add(anonymiser.path(path), .link(anonymiser.path(target)))
            case .file(let bytes): result.add(anonymiser.path(path), .file(anonymiser.file(path, bytes)))
            }
        }
        return (result, anonymiser)
    }

    /// What stands for a text of any kind, as it would in a recording.
    package mutating func translate(_ text: String) -> String {
        let whole = text.hasPrefix("nqn.") || text.contains(" ") ? words[text] ?? names[text] : nil
        if let whole { return whole }
        return String(decoding: plainText(addresses(in: Array(text.utf8)), allNames: true), as: UTF8.self)
    }

    private mutating func path(_ path: String) -> String {
        if let path = namedPath(path) { return path }
        if path.hasPrefix(SysfsPath.firmwareVariables) { return path }
        let isKernels = path.hasPrefix("sys/") || path.hasPrefix("../")
        return String(decoding: plainText(Array(path.utf8), allNames: false, isFree: !isKernels), as: UTF8.self)
    }

    private mutating func file(_ path: String, _ bytes: [UInt8]) -> [UInt8] {
        switch FileForm(path) {
        case .binary: return bytes
        case .vpd: return VPDSecrets.replace(in: bytes) { values.value(.serial, $0) }
        case .loaderPartition: return loaderPartition(bytes)
        case .bootEntry: return bootEntry(bytes)
        case .fileSystemIDs: return lines(bytes) { $0.isEmpty ? "" : identity(String($0)) }
        case .services: return lines(bytes) { service($0) }
        case .pools: return lines(bytes) { poolMember($0) }
        case .encryptedTable: return lines(bytes) { encryptedVolume($0) }
        case .physicalVolume: return lines(bytes) { physicalVolume($0) }
        case .allRoutes: return lines(bytes) { route($0) }
        case .allLinks: return lines(bytes) { link($0) }
        case .otherNetworks: return lines(bytes) { otherNetwork($0) }
        case .connections: return lines(bytes) { connection($0) }
        case .udev: return lines(bytes) { udev($0) }
        case .fileSystemTable: return lines(bytes) { tableLine($0) }
        case .cgroup: return lines(bytes) { cgroup($0) }
        case .guest: return lines(bytes) { guest($0) }
        case .config: return ConfigSecrets.replace(in: bytes) { values.hex($0) }
        case .attribute(let kind):
            let text = String(decoding: bytes, as: UTF8.self)
            let secret = String(text.trimmingBlanks)
            guard !secret.isEmpty else { return bytes }
            return Array((standIn(secret, kind) + (text.hasSuffix("\n") ? "\n" : "")).utf8)
        case .routes:
            let order = KernelByteOrder.shown(byRoutes: String(decoding: bytes, as: UTF8.self)) ?? .little
            return lines(bytes) { routes($0, order) }
        case .routes6: return lines(bytes) { routes6($0) }
        case .mounts: return lines(bytes) { mount($0) }
        case .commandLine: return lines(bytes) { commandLine($0) }
        case .hostName:
            return lines(bytes) { line in line.isEmpty ? "" : names[String(line.trimmingBlanks)] ?? String(line) }
        case .free: return plainText(addresses(in: bytes), allNames: true, isFree: true)
        case .kernels: return bytes.count < 6 ? bytes : plainText(bytes, allNames: false)
        }
    }

    private func lines(_ bytes: [UInt8], _ body: (Substring) -> String) -> [UInt8] {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return Array(lines.map(body).joined(separator: "\n").utf8)
    }
}
