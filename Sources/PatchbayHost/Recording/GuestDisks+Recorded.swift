extension GuestDisks {
    /// What is read of a guest's definition, as XML again: disks with their sources, mediated devices with their UUIDs, and
    /// nothing else of the guest.
    static func disksAlone(in text: String) -> String {
        var result = "<domain>\n"
        var isInDisk = false
        var isInMediated = false
        XMLTags.forEach(in: text) { tag in
            if tag.name == "disk" { isInDisk = tag.kind == .opening }
            if tag.name == "hostdev" { isInMediated = tag.kind == .opening && tag.attributes["type"] == "mdev" }
            if isInMediated, tag.name == "address", let uuid = tag.attributes["uuid"] {
                let kept = uuid.filter { $0.isHexDigit || $0 == "-" }
                result += "<hostdev type='mdev'>\n<address uuid='\(kept)'/>\n</hostdev>\n"
            }
            guard tag.name == "disk" || isInDisk && (tag.name == "source" || tag.name == "host") else { return }
            guard tag.kind != .closing else {
                result += "</\(tag.name)>\n"
                return
            }
            let kept = ["type", "dev", "file", "dir", "name"].compactMap { key in
                tag.attributes[key].map { " \(key)='\($0.filter { $0 != "'" && $0 != "<" && $0 != "&" })'" }
            }
            let isName = tag.name == "source"
            let attributes = isName ? kept.filter { !$0.hasPrefix(" name=") } : kept
            result += "<\(tag.name)\(attributes.joined())\(tag.kind == .alone ? "/" : "")>\n"
        }
        return result + "</domain>\n"
    }
}
