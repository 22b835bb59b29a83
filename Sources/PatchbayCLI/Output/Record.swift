import PatchbayAPI
import PatchbayDisplay

/// The whole story of one thing: a title line and labelled facts, each on one line or more.
struct Record: Sendable {
    struct Field: Sendable {
        var label: String
        var lines: [String]
        /// Stands over a part of the record.
        var isHeading = false
    }

    var mark: Mark?
    var title: [String]
    /// At the right end of the title line.
    var verdict: Cell?
    var fields: [Field] = []

    init(mark: Mark?, title: String..., verdict: Cell? = nil) {
        self.mark = mark
        self.title = title
        self.verdict = verdict
    }

    /// Adds a fact; nothing when there is nothing to say.
    mutating func add(_ label: String, _ lines: [String]) {
        if !lines.isEmpty { fields.append(Field(label: label, lines: lines)) }
    }
    mutating func add(_ label: String, _ line: String?) { add(label, line.map { [$0] } ?? []) }
    /// Facts on one line, those that are known.
    mutating func add(_ label: String, joining parts: [String?]) {
        let known = parts.compactMap { $0 }.filter { !$0.isEmpty }
        if !known.isEmpty { add(label, known.joined(separator: " · ")) }
    }

    /// Adds the sections of a story, each under its title.
    mutating func add(_ story: Story) {
        for section in story.sections {
            fields.append(Field(label: section.title, lines: [], isHeading: true))
            for fact in section.facts { add(fact.label, fact.lines) }
        }
    }

    /// Adds lines under a heading of their own; nothing when there are none.
    mutating func add(_ heading: String, heading lines: [String]) {
        guard !lines.isEmpty else { return }
        fields.append(Field(label: heading, lines: [], isHeading: true))
        add("", lines)
    }

    func render(_ style: Style) -> String {
        let width = max(10, (fields.filter { !$0.isHeading }.map(\.label.columns).max() ?? 0) + 1)
        var text = heading(style) + "\n"
        for field in fields {
            if field.isHeading { text += "\n  " + style.paint(style.clean(field.label), .bold) + "\n" }
            for (index, line) in field.lines.enumerated() {
                let label = style.paint((index == 0 ? style.clean(field.label) : "").padded(to: width), .dim)
                text += "  \(label) \(style.clean(line))\n"
            }
        }
        return text
    }

    private func heading(_ style: Style) -> String {
        let start = style.isTerminal ? mark.map { $0.text(style) + " " } ?? "" : ""
        let title = self.title.map(style.clean).filter { !$0.isEmpty }.joined(separator: "   ")
        guard let verdict else { return start + style.paint(title, .bold) }
        let word = style.clean(verdict.text)
        let used = (start.isEmpty ? 0 : 2) + title.columns + word.columns
        let gap = max(3, min(style.width ?? 0, 80) - used)
        return start + style.paint(title, .bold) + String(repeating: " ", count: gap)
            + style.paint(word, verdict.colour)
    }
}
