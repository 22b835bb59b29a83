import PatchbayAPI
import PatchbayCore

/// Devices as a tree: host, IOMMU group, members. What shares a branch changes hands together.
struct DeviceTree {
    private let hosts: [(name: String, groups: [(number: Int?, members: [API.Device])])]

    init(_ devices: [API.Device]) {
        hosts = Dictionary(grouping: devices, by: \.host).sorted { $0.key < $1.key }.map { host, devices in
            let groups = Dictionary(grouping: devices, by: \.iommuGroup).map { (number: $0.key, members: $0.value) }
            return (host, groups.sorted { ($0.number ?? .max) < ($1.number ?? .max) })
        }
    }

    func render(_ style: Style) -> String {
        hosts.map { host in
            style.paint(style.clean(host.name), .bold) + "\n"
                + host.groups.enumerated().map { index, group in
                    branch(group.number, group.members, isLast: index == host.groups.count - 1, style)
                }.joined()
        }.joined()
    }

    private func branch(_ number: Int?, _ members: [API.Device], isLast: Bool, _ style: Style) -> String {
        let lines = style.isUTF8 ? ("├─ ", "└─ ", "│  ") : ("|- ", "`- ", "|  ")
        let title = number.map { "group \($0)" } ?? "no group"
        var text = (isLast ? lines.1 : lines.0) + style.paint(title, .dim) + "\n"
        let stem = isLast ? "   " : lines.2
        let rows = members.map { device in
            [device.shortID, device.isBridge ? "bridge" : device.state.rawValue, device.driver ?? "-", device.name]
        }
        let widths = (0..<3).map { column in rows.map { $0[column].columns }.max() ?? 0 }
        for (index, row) in rows.enumerated() {
            let device = members[index]
            let start = stem + (index == rows.count - 1 ? lines.1 : lines.0)
            let mark = style.isTerminal ? device.state.mark.text(style) + " " : ""
            let facts = zip(row, widths).map { style.clean($0).padded(to: $1) }.joined(separator: "  ")
            let room = style.width.map { $0 - start.columns - (mark.isEmpty ? 0 : 2) - facts.columns - 2 }
            let name = style.clean(row[3])
            let short = room.map { name.shortened(to: max(8, $0), ending: style.isUTF8 ? "…" : "...") } ?? name
            text += start + mark + facts + "  " + short + "\n"
        }
        return text
    }
}
