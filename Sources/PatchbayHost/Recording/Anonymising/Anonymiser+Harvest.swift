import PatchbayCore

extension Anonymiser {
    /// Learns the secrets of an entry, so that they are known wherever else they stand.
    mutating func harvest(_ path: String, _ content: RecordedTree.Content?) {
        if !path.hasPrefix(SysfsPath.firmwareVariables) {
            harvestNumbers(Array(path.utf8), isFree: !path.hasPrefix("sys/"))
        }
        guard case .file(let bytes) = content else { return }
        switch FileForm(path) {
        case .binary, .vpd, .routes, .routes6, .allRoutes, .allLinks, .otherNetworks, .connections: return
        case .udev: _ = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { udev($0) }
        case .loaderPartition: _ = loaderPartition(bytes)
        case .bootEntry: _ = bootEntry(bytes)
        case .cgroup, .fileSystemTable, .guest, .fileSystemIDs, .services, .pools, .encryptedTable, .physicalVolume:
            return
        case .config: _ = ConfigSecrets.replace(in: bytes) { values.hex($0) }
        case .attribute(let kind):
            let secret = String(decoding: bytes, as: UTF8.self).trimmingBlanks
            if !secret.isEmpty { learn(String(secret), kind) }
        case .hostName: learnHost(String(decoding: bytes, as: UTF8.self).trimmingBlanks)
        case .commandLine, .free, .mounts: harvestNumbers(bytes, isFree: true)
        case .kernels: if bytes.count >= 12 { harvestNumbers(bytes, isFree: false) }
        }
    }

    /// Hardware addresses and UUIDs; in what people write, machine ids of 32 digits too.
    private mutating func harvestNumbers(_ text: [UInt8], isFree: Bool) {
        for run in HexRuns.find(in: text) where isSecret(run, isFree: isFree) { _ = values.hex(run.digits) }
    }

    func isSecret(_ run: HexRuns.Run, isFree: Bool) -> Bool {
        switch run.shape {
        case .pairs, .uuid: true
        case .plain: isFree && run.digits.count == 32
        }
    }

    private mutating func learn(_ secret: String, _ kind: MadeUpValues.Kind) {
        let value = standIn(secret, kind)
        // A word that could be anything is replaced where it stands, not elsewhere.
        if kind == .volume || secret.count >= 6 && secret.contains(where: \.isNumber) { words[secret] = value }
        for run in HexRuns.find(in: Array(secret.utf8)) { _ = values.hex(run.digits) }
    }

    /// What stands for the whole of an attribute.
    mutating func standIn(_ secret: String, _ kind: MadeUpValues.Kind) -> String {
        switch kind {
        case .volume: return volume(secret)
        case .serial: return serial(secret)
        case .host, .name, .label, .volumeGroup, .user, .server, .share, .machine, .target, .hex:
            return values.value(kind, secret)
        }
    }

    /// Numbers keep their form (`eui.0025…`, UUIDs); the kind of a device mapper's UUID stays readable (`LVM-`, `mpath-`).
    private mutating func serial(_ secret: String) -> String {
        let runs = HexRuns.find(in: Array(secret.utf8))
        if let run = runs.first, runs.count == 1 {
            let bytes = Array(secret.utf8)
            let prefix = String(decoding: bytes[..<run.range.lowerBound], as: UTF8.self)
            if run.range.upperBound == bytes.count, ["", "eui.", "naa.", "uuid.", "0x"].contains(prefix) {
                let digits = values.hex(run.digits)
                return prefix + String(decoding: HexRuns.spell(digits, like: bytes[run.range]), as: UTF8.self)
            }
        }
        for prefix in ["LVM-", "mpath-", "CRYPT-LUKS1-", "CRYPT-LUKS2-", "CRYPT-PLAIN-", "CRYPT-", "part", "DMRAID-"]
        where secret.hasPrefix(prefix) && secret.count > prefix.count {
            return prefix + values.value(.serial, String(secret.dropFirst(prefix.count)))
        }
        return values.value(.serial, secret)
    }

    /// `atlas--vg-root` is the volume `root` of the group `atlas-vg`: the group gets a made-up name, here and in paths.
    private mutating func volume(_ name: String) -> String {
        guard let dash = Self.volumeDash(name) else {
            let hasNumber = !HexRuns.find(in: Array(name.utf8)).isEmpty
            return hasNumber
                ? String(decoding: plainText(Array(name.utf8), allNames: true, isFree: true), as: UTF8.self)
                : values.value(.volume, name)
        }
        let group = name[..<dash].replacing("--", with: "-")
        let standIn = values.value(.volumeGroup, String(group))
        words[String(group)] = standIn
        return standIn + name[dash...]
    }

    /// The first dash that is not doubled.
    private static func volumeDash(_ name: String) -> String.Index? {
        var index = name.startIndex
        while let dash = name[index...].firstIndex(of: "-") {
            let next = name.index(after: dash)
            guard next < name.endIndex else { return nil }
            if name[next] != "-" { return dash }
            index = name.index(after: next)
        }
        return nil
    }

    mutating func learnHost(_ name: some StringProtocol) {
        let name = String(name)
        // The short name may have been learnt with the long one.
        guard !name.isEmpty, name != "localhost", name != "(none)", names[name] == nil else { return }
        let value = values.value(.host, name)
        names[name] = value
        if let label = name.split(separator: ".").first, label.count < name.count { names[String(label)] = value }
    }
}
