import PatchbayAPI
import PatchbayCore

/// A VM's state: glyph, word, colour.
struct VMStateMark: Sendable, Hashable {
    let glyph: String
    let word: String
    let css: String

    init(_ state: Domain.State) {
        self.word = state.rawValue
        (self.glyph, self.css) =
            switch state {
            case .running: ("▶", "good")
            case .paused: ("‖", "attention")
            case .shutOff: ("■", "quiet")
            case .crashed: ("✕", "bad")
            case .other, .unknown: ("?", "quiet")
            }
    }
}
