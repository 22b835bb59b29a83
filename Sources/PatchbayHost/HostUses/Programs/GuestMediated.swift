import PatchbayCore

/// The mediated devices that libvirt's guests name, running or not: their cards are kept for them.
struct GuestMediated {
    struct Device: Hashable {
        var name: String
        var uuid: String
        /// The card, where `mdevctl` keeps its definition; nil: not told.
        var parent: PCIAddress?
    }

    let tree: HostTree

    /// Sorted by guest, running ones first.
    func all() -> [Device] {
        let files = [SysfsPath.runningGuests, SysfsPath.definedGuests].flatMap { folder in
            (tree.names(folder) ?? []).filter { $0.hasSuffix(".xml") }.map { (folder, $0) }
        }
        let kept = kept()
        var devices: [Device] = []
        for (folder, file) in files {
            guard let text = tree.text("\(folder)/\(file)"), text.contains("mdev") else { continue }
            for uuid in Self.uuids(in: text) {
                let device = Device(name: String(file.dropLast(4)), uuid: uuid, parent: kept[uuid])
                if !devices.contains(device) { devices.append(device) }
            }
        }
        return devices
    }

    /// The UUIDs of `<hostdev mode='subsystem' type='mdev' …>`, which are in an `address` of its `source`.
    static func uuids(in text: String) -> [String] {
        var uuids: [String] = []
        var isInside = false
        XMLTags.forEach(in: text) { tag in
            if tag.name == "hostdev" { isInside = tag.kind == .opening && tag.attributes["type"] == "mdev" }
            if isInside, tag.name == "address", let uuid = tag.attributes["uuid"] { uuids.append(uuid.lowercased()) }
        }
        return uuids
    }

    /// `etc/mdevctl.d/<parent>/<uuid>`
    private func kept() -> [String: PCIAddress] {
        var kept: [String: PCIAddress] = [:]
        for name in tree.names(SysfsPath.mediatedDefinitions) ?? [] {
            guard let parent = PCIAddress(printed: name) else { continue }
            for uuid in tree.names("\(SysfsPath.mediatedDefinitions)/\(name)") ?? [] {
                kept[uuid.lowercased()] = parent
            }
        }
        return kept
    }
}
