/// The disks of libvirt's guests, by the XML it keeps: running ones below `run`, defined ones below `etc`.
struct GuestDisks {
    enum Source: Hashable {
        /// A block device or an image file.
        case path(String)
        /// nil: not told, or by name.
        case server(IPAddress?)
    }
    struct Guest {
        var name: String
        var isRunning: Bool
        /// Each once.
        var sources: [Source]
    }

    let tree: HostTree

    /// Running guests first.
    func all() -> [Guest] {
        let running = guests(in: SysfsPath.runningGuests, areRunning: true)
        let names = Set(running.map(\.name))
        return running + guests(in: SysfsPath.definedGuests, areRunning: false).filter { !names.contains($0.name) }
    }

    private func guests(in folder: String, areRunning: Bool) -> [Guest] {
        (tree.names(folder) ?? []).filter { $0.hasSuffix(".xml") }.compactMap { file in
            guard let text = tree.text("\(folder)/\(file)") else { return nil }
            return Guest(name: String(file.dropLast(4)), isRunning: areRunning, sources: Self.sources(in: text))
        }
    }

    /// The `source` elements inside of `disk` elements, those of backing files among them.
    static func sources(in text: String) -> [Source] {
        var sources: [Source] = []
        var isInDisk = false
        var isOnNetwork = false
        XMLTags.forEach(in: text) { tag in
            switch tag.name {
            case "disk":
                isInDisk = tag.kind == .opening
                isOnNetwork = tag.attributes["type"] == "network"
            case "source" where isInDisk:
                let path = tag.attributes["dev"] ?? tag.attributes["file"] ?? tag.attributes["dir"]
                if let path { sources.append(.path(path)) }
                // Without hosts of its own the client's configuration names them.
                if isOnNetwork, tag.kind == .alone { sources.append(.server(nil)) }
            case "host" where isInDisk:
                sources.append(.server(tag.attributes["name"].flatMap { IPAddress($0) }))
            default: break
            }
        }
        var seen: Set<Source> = []
        return sources.filter { seen.insert($0).inserted }
    }
}
