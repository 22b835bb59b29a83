/// Facts about one thing in the order in which people read them, in words that CLI and web share.
package struct Story: Hashable, Sendable {
    package struct Section: Hashable, Sendable {
        package var title: String
        package var facts: [Fact]
    }

    /// A label and what there is to say, a line each.
    package struct Fact: Hashable, Sendable {
        package var label: String
        package var lines: [String]
    }

    /// Those that have something to say.
    package private(set) var sections: [Section] = []

    package init() {}

    /// Begins a section; a section without facts does not appear.
    package mutating func section(_ title: String, _ fill: (inout Section) -> Void) {
        var section = Section(title: title, facts: [])
        fill(&section)
        if !section.facts.isEmpty { sections.append(section) }
    }
}

extension Story.Section {
    /// Adds a fact; nothing when there is nothing to say.
    package mutating func add(_ label: String, _ lines: [String]) {
        let known = lines.filter { !$0.isEmpty }
        if !known.isEmpty { facts.append(Story.Fact(label: label, lines: known)) }
    }
    package mutating func add(_ label: String, _ line: String?) { add(label, line.map { [$0] } ?? []) }
    /// Facts on one line, those that are known.
    package mutating func add(_ label: String, joining parts: [String?]) {
        add(label, parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " · "))
    }
}
