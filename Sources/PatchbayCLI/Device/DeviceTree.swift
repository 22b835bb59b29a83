import PatchbayAPI
import PatchbayCore

/// Devices as a tree: host, IOMMU group, members. What shares a branch changes hands together.
struct DeviceTree {
    private typealias Group = (number: Int?, members: [API.Device])
    private let hosts: [(name: String, groups: [Group])]

    init(_ devices: [API.Device]) {
        hosts = Dictionary(grouping: devices, by: \.host).sorted { $0.key < $1.key }.map { host, devices in
            let groups = Dictionary(grouping: devices, by: \.iommuGroup).map { (number: $0.key, members: $0.value) }
            return (host, groups.sorted { ($0.number ?? .max) < ($1.number ?? .max) })
        }
    }

    func render(_ style: Style) -> String {
        hosts.map { host in
            let rows = host.groups.flatMap(\.members).map(Self.facts)
            let widths = (0..<3).map { column in rows.map { style.clean($0[column]).columns }.max() ?? 0 }
            return style.paint(style.clean(host.name), .bold) + "\n"
                + host.groups.enumerated().map { index, group in
                    branch(group, isLast: index == host.groups.count - 1, widths: widths, style)
                }.joined()
        }.joined()
    }

    private static func facts(_ device: API.Device) -> [String] {
        [device.shortID, device.isBridge ? "bridge" : device.state.rawValue, device.driver ?? "-"]
    }

    private func branch(_ group: Group, isLast: Bool, widths: [Int], _ style: Style) -> String {
        let lines = style.isUTF8 ? ("├─ ", "└─ ", "│  ") : ("|- ", "`- ", "|  ")
        let title = group.number.map { "group \($0)" } ?? "no group"
        var text = (isLast ? lines.1 : lines.0) + style.paint(title, .dim) + "\n"
        let stem = isLast ? "   " : lines.2
        for (index, device) in group.members.enumerated() {
            let start = stem + (index == group.members.count - 1 ? lines.1 : lines.0)
            text += start + leaf(device, indent: start.columns, widths: widths, style) + "\n"
        }
        return text
    }

    private func leaf(_ device: API.Device, indent: Int, widths: [Int], _ style: Style) -> String {
        let mark = style.isTerminal ? device.state.mark.text(style) + " " : ""
        let facts = zip(Self.facts(device), widths).map { style.clean($0).padded(to: $1) }.joined(separator: "  ")
        let name = style.clean(device.name)
        let room = style.width.map { $0 - indent - (mark.isEmpty ? 0 : 2) - facts.columns - 2 }
        let short = room.map { name.shortened(to: max(8, $0), ending: style.isUTF8 ? "…" : "...") } ?? name
        return mark + facts + "  " + short
    }
}
