/// What a block device stands on beside what `slaves` lists: members of arrays with their spares and journals, the device
/// that a compressed memory device writes back to, the device that a loop makes another of.
extension BlockDevices {
    /// The devices right below one. Empty: it is a disk, or stands on something else than devices of this tree.
    func lower(of name: String) -> [String] {
        let directory = directory(name)
        let slaves = tree.names("\(directory)/slaves") ?? []
        if name.hasPrefix("md") || name.hasPrefix("nmd") { return members(ofArray: name, directory, slaves) }
        guard slaves.isEmpty else { return slaves }
        return backingFile(of: name).flatMap { self.name(ofSource: $0) }.map { [$0] } ?? []
    }

    /// The file or device node behind a loop or behind zram (`Documentation/admin-guide/blockdev/zram.rst`, writeback).
    /// nil: the device has none, or is of another kind.
    func backingFile(of name: String) -> String? {
        if name.hasPrefix("loop") { return tree.line("\(directory(name))/loop/backing_file") }
        guard name.hasPrefix("zram"), let file = tree.line("\(directory(name))/backing_dev") else { return nil }
        return file == "none" ? nil : file
    }

    /// `md/dev-<name>` lists spares and journals, too (`Documentation/admin-guide/md.rst`); `proc/mdstat` where neither
    /// is there: `md0 : active raid1 sdb1[1] sda1[0](S)`.
    private func members(ofArray name: String, _ directory: String, _ slaves: [String]) -> [String] {
        let listed = (tree.names("\(directory)/md") ?? []).filter { $0.hasPrefix("dev-") }.map {
            String($0.dropFirst(4))
        }
        let members = Set(slaves + listed)
        guard members.isEmpty else { return members.sorted() }
        let words = arrays.lines.first { $0.hasPrefix("\(name) : ") }?.split(separator: " ").dropFirst(2) ?? []
        let named = words.compactMap { word in word.firstIndex(of: "[").map { String(word[..<$0]) } }.sorted()
        guard named.isEmpty else { return named }
        return arrays.withSlots.flatMap(\.members).filter { $0.device == name }.map(\.disk)
    }

    /// Arrays, caches, mapped, replicated and compressed devices that are there now, whatever uses them.
    var stacks: [String] {
        names.filter { name in ["md", "bcache", "drbd", "zram", "loop", "dm-"].contains { name.hasPrefix($0) } }
    }

    /// Software makes it of something that the kernel does not show, in contrast to those that list what is below them.
    func isOfSoftware(_ name: String) -> Bool {
        isVirtual(name) && !["dm-", "md", "bcache", "loop"].contains { name.hasPrefix($0) }
    }

    /// Devices of the cache sets of bcache (`Documentation/admin-guide/bcache.rst`): `sys/fs/bcache/<uuid>/bdev0` and
    /// `cache0` lead to the directory `bcache` of the device.
    func inCacheSets() -> Set<String> {
        var names: Set<String> = []
        for set in tree.names(SysfsPath.bcache) ?? [] {
            let entries = tree.names("\(SysfsPath.bcache)/\(set)") ?? []
            for entry in entries where entry.hasPrefix("bdev") || entry.hasPrefix("cache") {
                let link = tree.link("\(SysfsPath.bcache)/\(set)/\(entry)")?.split(separator: "/") ?? []
                if let device = link.dropLast().last { names.insert(String(device)) }
            }
        }
        return names
    }

    /// bcache has it, also where it waits for its cache.
    func isRegisteredWithBcache(_ name: String) -> Bool { tree.exists("\(directory(name))/bcache") }
}
