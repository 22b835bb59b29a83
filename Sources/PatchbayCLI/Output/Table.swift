/// One field of a table.
struct Cell: Sendable {
    var text: String
    var colour: Colour?
    init(_ text: String?, _ colour: Colour? = nil) {
        self.text = text ?? "-"
        self.colour = text == nil ? .dim : colour
    }
    init(_ number: Int?) { self.init(number.map(String.init)) }
}

/// One column of a list: its name for `-c` and `--sort`, its looks, and what it shows of a row.
struct Column<Row: Sendable>: Sendable {
    enum Alignment: Sendable { case left, right }

    /// Lower case; the title is the same in capitals.
    var id: String
    var alignment: Alignment = .left
    /// Shown only with `-o wide` or `-v`.
    var isWide = false
    /// Gives way when the terminal is narrow; the NAME before the others.
    var shrinks = false
    /// All that it can say, where that is known; nil: anything.
    var values: [String]?
    var cell: @Sendable (Row) -> Cell
    private var change: (@Sendable (Row) -> String)?

    init(
        _ id: String, _ alignment: Alignment = .left, isWide: Bool = false, shrinks: Bool = false,
        values: [String]? = nil,
        settled: (@Sendable (Row) -> String)? = nil, cell: @escaping @Sendable (Row) -> Cell
    ) {
        self.id = id
        self.alignment = alignment
        self.isWide = isWide
        self.shrinks = shrinks
        self.values = values
        change = settled
        self.cell = cell
    }

    /// What it says of a row apart from ages: those grow by themselves, which is no change of the row.
    func settled(_ row: Row) -> String { change.map { $0(row) } ?? cell(row).text }
}

/// Cells in rows, ready to be laid out. Pure: the same table and style give the same text.
struct Table: Sendable {
    struct Heading: Sendable {
        var title: String
        var isRightAligned: Bool
        var shrinks: Bool
    }

    var headings: [Heading]
    var rows: [[Cell]]
    /// One a row, or none at all.
    var marks: [Mark]
    /// Columns are no narrower: as those of the rows above.
    var leastWidths: [Int] = []
    private static let gap = "  "
    private static let narrowest = 8

    private func showsMarks(_ style: Style) -> Bool { style.isTerminal && !marks.isEmpty }

    /// How wide the columns are.
    func widths(_ style: Style) -> [Int] {
        widths(
            of: rows.map { $0.map { style.clean($0.text) } }, style: style, indent: showsMarks(style) ? 3 : 0)
    }

    func render(_ style: Style, withHeadings: Bool = true) -> String {
        let showsMarks = showsMarks(style)
        let texts = rows.map { $0.map { style.clean($0.text) } }
        let widths = self.widths(of: texts, style: style, indent: showsMarks ? 3 : 0)
        var lines: [String] = []
        if withHeadings {
            lines.append(line(headings.map { ($0.title, Colour.dim) }, widths, showsMarks ? "   " : "", style))
        }
        for (index, row) in rows.enumerated() {
            let mark = showsMarks ? marks[index].text(style) + Self.gap : ""
            let cells = zip(texts[index], row).map { ($0, $1.colour) }
            lines.append(line(cells, widths, mark, style))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// As wide as the widest cell; on a narrow terminal the columns that may shrink give way, the widest first, and what
    /// still does not fit is cut at the right edge.
    private func widths(of texts: [[String]], style: Style, indent: Int) -> [Int] {
        var widths = headings.map(\.title.columns)
        for row in texts {
            for (index, text) in row.enumerated() { widths[index] = max(widths[index], text.columns) }
        }
        for (index, width) in zip(widths.indices, leastWidths) { widths[index] = max(widths[index], width) }
        guard let room = style.width else { return widths }
        var excess = indent + widths.reduce(0, +) + Self.gap.count * (widths.count - 1) - room
        while excess > 0,
            let widest = headings.indices.filter({ headings[$0].shrinks && widths[$0] > Self.narrowest })
                .max(by: { widths[$0] < widths[$1] })
        {
            widths[widest] -= 1
            excess -= 1
        }
        var left = room - indent
        for index in widths.indices {
            widths[index] = max(0, min(widths[index], left))
            left -= widths[index] + Self.gap.count
        }
        return widths
    }

    private func line(_ cells: [(String, Colour?)], _ widths: [Int], _ start: String, _ style: Style) -> String {
        var parts: [String] = []
        for (index, cell) in cells.enumerated() where widths[index] > 0 {
            let text = cell.0.shortened(to: widths[index], ending: style.isUTF8 ? "…" : "...")
            let isLast = index == cells.count - 1
            let padding = String(repeating: " ", count: max(0, widths[index] - text.columns))
            let painted = style.paint(text, cell.1)
            parts.append(headings[index].isRightAligned ? padding + painted : painted + (isLast ? "" : padding))
        }
        var line = start + parts.joined(separator: Self.gap)
        while line.last == " " { line.removeLast() }
        return line
    }
}
