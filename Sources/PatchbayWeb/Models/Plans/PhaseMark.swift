import PatchbayAPI

/// How a plan ended, or is going: glyph, word, colour.
struct PhaseMark: Sendable, Hashable {
    let glyph: String
    let word: String
    let css: String

    /// `phase` is the wire's word; one that is not known yet is shown as it is.
    init(_ phase: String) {
        self.word = phase
        (self.glyph, self.css) =
            switch phase {
            case "applied": ("✓", "good")
            case "rolled-back": ("↩", "attention")
            case "stuck": ("!", "bad")
            case "running", "undoing": ("…", "busy")
            default: ("·", "quiet")
            }
    }
}
