import PatchbayAPI

/// What becomes of a claim or VM: glyph, words, colour.
struct ImpactMark: Sendable, Hashable {
    let glyph: String
    /// `cannot be placed`
    let word: String
    let css: String
    /// `cannot be placed`
    let plural: String

    init(_ kind: API.Impact.Kind) {
        (self.glyph, self.css) =
            switch kind {
            case .lost: ("✕", "bad")
            case .stuckAtRestart, .stuck: ("!", "attention")
            case .moves, .restarts, .changesAtRestart: ("→", "state-allocated")
            case .served, .startable: ("✓", "good")
            }
        (self.word, self.plural) =
            switch kind {
            case .lost: ("cannot be placed", "cannot be placed")
            case .stuckAtRestart: ("cannot start again", "cannot start again")
            case .stuck: ("cannot start", "cannot start")
            case .moves: ("moves", "move")
            case .restarts: ("starts anew", "start anew")
            case .changesAtRestart: ("changes at its next start", "change at their next start")
            case .served: ("is served", "are served")
            case .startable: ("can start", "can start")
            }
    }

    /// `1 moves`, `3 move`
    func count(_ number: Int) -> String { "\(Turn.grouped(number)) \(number == 1 ? word : plural)" }
}
