import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// A section of a story as a card.
struct StoryCard: Sendable, Hashable {
    let title: String
    let facts: [Line]

    struct Line: Sendable, Hashable {
        let term: String
        let lines: [String]
    }

    init(_ section: Story.Section) {
        title = section.title
        facts = section.facts.map { Line(term: $0.label, lines: $0.lines) }
    }

    static func cards(of story: Story) -> [StoryCard] { story.sections.map(StoryCard.init) }
}
