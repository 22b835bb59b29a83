import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// The tree of a host as lines of text: what hangs where on the left; group, state, driver and who has it on the right.
struct HostTreeText {
    /// One line, before it is laid out.
    private struct Row {
        var stem: String
        var mark: Mark?
        /// Bridges that lead to it.
        var via = ""
        var label: String
        var colour: Colour?
        var facts: [Cell] = []
    }

    private let tree: HostTree
    private let style: Style
    private var rows: [Row] = []

    init(_ tree: HostTree, _ style: Style) {
        self.tree = tree
        self.style = style
    }

    static func render(_ tree: HostTree, _ style: Style) -> String {
        var text = HostTreeText(tree, style)
        for node in tree.nodes { text.add(node) }
        return text.laidOut()
    }

    private var lines: (branch: String, last: String, stem: String) {
        style.isUTF8 ? ("├─ ", "└─ ", "│  ") : ("|- ", "`- ", "|  ")
    }

    private mutating func add(_ node: HostTree.Node) {
        let title = node.number.map { "NUMA \($0)" } ?? "no NUMA node"
        let facts = node.cell.map { HostStory.numa($0)[0] }
        rows.append(Row(stem: "", label: [title, facts].compactMap { $0 }.joined(separator: "   "), colour: .bold))
        add(node.roots, stem: "")
    }

    private mutating func add(_ items: [HostTree.Item], stem: String) {
        for (index, item) in items.enumerated() {
            let isLast = index == items.count - 1
            rows.append(row(item, stem: stem + (isLast ? lines.last : lines.branch)))
            if Self.saysAll(item) { continue }
            add(item.children, stem: stem + (isLast ? "   " : lines.stem))
        }
    }

    private func row(_ item: HostTree.Item, stem: String) -> Row {
        switch item.kind {
        case .root(let bus):
            guard Self.saysAll(item), case .fold(let fold)? = item.children.first?.kind else {
                return Row(stem: stem, label: bus, colour: .dim)
            }
            return Row(stem: stem, label: "\(bus)  \(fold.title)", colour: .dim)
        case .bridges(let chain):
            let name = chain.last.map { " \($0.briefName)" } ?? ""
            return Row(stem: stem, label: Self.path(chain) + name, colour: .dim)
        case .device(let device, let chain):
            return Row(
                stem: stem, mark: device.state.mark, via: Self.way(chain),
                label: "\(device.shortAddress) \(device.briefName)",
                facts: Self.facts(
                    group: device.iommuGroup.map(String.init), state: device.state, driver: device.driver,
                    note: device.isBridge ? "" : device.note))
        case .usb(let device):
            return Row(
                stem: stem, label: "usb \(device.name) \(device.title)",
                facts: Self.facts(
                    group: nil, state: nil, driver: device.interfaces.compactMap(\.driver).first,
                    note: device.hostUses.first?.words ?? device.nodes.joined(separator: " ")))
        case .fold(let fold): return row(fold, stem: stem)
        }
    }

    /// A root complex with nothing but chipset is one line.
    private static func saysAll(_ item: HostTree.Item) -> Bool {
        guard case .root = item.kind, item.children.count == 1, case .fold(let fold)? = item.children.first?.kind else {
            return false
        }
        return !fold.isOfInterest
    }

    private func row(_ fold: HostTree.Fold, stem: String) -> Row {
        guard fold.isOfInterest else {
            return Row(stem: stem, label: "\(fold.title)  \(fold.span)", colour: .dim)
        }
        let drivers = Set(fold.devices.map(\.driver))
        return Row(
            stem: stem, mark: fold.state?.mark, label: "\(fold.title)  \(fold.span)",
            facts: Self.facts(
                group: fold.groups.isEmpty ? nil : fold.groups, state: fold.state,
                driver: drivers.count == 1 ? drivers.first ?? nil : nil,
                note: fold.state == nil
                    ? fold.states : Set(fold.devices.map(\.note)).count == 1 ? fold.devices[0].note : ""))
    }

    private static func facts(group: String?, state: DeviceState?, driver: String?, note: String) -> [Cell] {
        [
            Cell(group.map { "g\($0)" } ?? "", .dim), Cell(state?.rawValue ?? "", state?.colour), Cell(driver ?? ""),
            Cell(note),
        ]
    }

    /// `02:00.0 → … → 06:00.0`: the ends of a long way.
    private static func path(_ chain: [API.Device]) -> String {
        let addresses = chain.map(\.shortAddress)
        guard addresses.count > 2, let first = addresses.first, let last = addresses.last else {
            return addresses.joined(separator: " → ")
        }
        return "\(first) → … → \(last)"
    }

    /// `02:00.0 … `: where the way to a device begins.
    private static func way(_ chain: [API.Device]) -> String {
        guard let first = chain.first else { return "" }
        return first.shortAddress + (chain.count > 1 ? " … " : " → ")
    }

    private func laidOut() -> String {
        let texts = rows.map { $0.facts.map { style.clean($0.text) } }
        var widths = (0..<4).map { column in texts.compactMap { $0.isEmpty ? nil : $0[column].columns }.max() ?? 0 }
        widths[0] = min(widths[0], 9)
        let left = rows.filter { !$0.facts.isEmpty }.map { columns(of: $0) }.max() ?? 0
        let fixed = widths[0] + widths[1] + widths[2] + 6
        var room = left
        if let width = style.width {
            // The note gets a fifth of the line at least, where it wants so much.
            room = min(left, max(24, width - fixed - 2 - min(widths[3], width / 5)))
            widths[3] = max(8, width - room - fixed - 2)
        }
        return zip(rows, texts).map { line($0, $1, room: room, widths: widths) + "\n" }.joined()
    }

    private func columns(of row: Row) -> Int {
        style.clean(row.stem + row.via + row.label).columns + (row.mark != nil && style.isTerminal ? 2 : 0)
    }

    private func line(_ row: Row, _ facts: [String], room: Int, widths: [Int]) -> String {
        let ending = style.isUTF8 ? "…" : "..."
        let mark = style.isTerminal ? row.mark.map { $0.text(style) + " " } ?? "" : ""
        let via = style.clean(row.via)
        let used = row.stem.columns + via.columns + (mark.isEmpty ? 0 : 2)
        let limit = facts.isEmpty ? style.width : room
        let label =
            limit.map { style.clean(row.label).shortened(to: max(8, $0 - used), ending: ending) }
            ?? style.clean(row.label)
        let start = style.paint(row.stem + via, .dim) + mark + style.paint(label, row.colour)
        guard facts.contains(where: { !$0.isEmpty }) else { return start }
        let gap = String(repeating: " ", count: max(0, room - used - label.columns))
        let cells = facts.enumerated().map { index, text in
            let short = style.width == nil ? text : text.shortened(to: widths[index], ending: ending)
            let painted = style.paint(short, row.facts[index].colour)
            return index == 3 ? painted : painted + String(repeating: " ", count: max(0, widths[index] - short.columns))
        }
        let line = start + gap + "  " + cells.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}
