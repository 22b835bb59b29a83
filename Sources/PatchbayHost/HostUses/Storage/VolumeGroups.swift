/// Groups of LVM that are active now, and their physical volumes: also those on which no volume lies yet, that no holder
/// shows.
struct VolumeGroups {
    let tree: HostTree
    let blocks: BlockDevices
    let udev: UdevDatabase

    /// The physical volumes of active groups, by group. Only what udev or LVM says is one.
    func activeVolumes(among names: [String]) -> [(group: String, device: String)] {
        let candidates = names.filter { udev.record(of: $0)?.fileSystem == "LVM2_member" }
        guard !candidates.isEmpty else { return [] }
        let active = activeGroups()
        guard !active.isEmpty else { return [] }
        let online = groupsByNumber()
        let recorded = groupsByUUID(active)
        return candidates.compactMap { name in
            let number = tree.line("\(blocks.directory(name))/dev")
            let group = number.flatMap { online[$0] } ?? udev.record(of: name)?.uuid.flatMap { recorded[$0] }
            return group.flatMap { active.contains($0) ? ($0, name) : nil }
        }
    }

    /// `vg--a-root` is the volume `root` of the group `vg-a`; device mapper says by `LVM-` that it is LVM's.
    private func activeGroups() -> Set<String> {
        Set(
            blocks.mappedNames.filter { blocks.mappedKind($0)?.hasPrefix("LVM-") ?? false }.map { name in
                let whole = name.replacing("--", with: "\0")
                return String(whole.prefix { $0 != "-" }).replacing("\0", with: "-")
            })
    }

    /// By `major:minor`, as LVM's scan at boot and at hotplug noted it.
    private func groupsByNumber() -> [String: String] {
        var groups: [String: String] = [:]
        for file in tree.names(SysfsPath.physicalVolumes) ?? [] {
            let lines = (tree.text("\(SysfsPath.physicalVolumes)/\(file)") ?? "").split(separator: "\n")
            guard let number = lines.first, let group = lines.first(where: { $0.hasPrefix("vg:") }) else { continue }
            groups[String(number)] = String(group.dropFirst(3))
        }
        return groups
    }

    /// By the UUID of the physical volume: `id = "…"` below `physical_volumes` in LVM's own record of the group.
    private func groupsByUUID(_ active: Set<String>) -> [String: String] {
        var groups: [String: String] = [:]
        for group in active {
            for line in (tree.text("\(SysfsPath.volumeGroups)/\(group)") ?? "").split(separator: "\n") {
                let words = line.split(separator: "\"", omittingEmptySubsequences: false)
                if words.count >= 2, words[0].trimmingBlanks == "id =" { groups[String(words[1])] = group }
            }
        }
        return groups
    }
}
