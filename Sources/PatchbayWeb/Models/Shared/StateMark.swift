import PatchbayAPI
import PatchbayCore

/// A device state as pages show it: shape, word, colour, in that order.
struct StateMark: Sendable, Hashable {
    let glyph: String
    let word: String
    /// `state-free`
    let css: String

    init(_ state: DeviceState) {
        self.glyph = String(state.glyph)
        self.word = state.rawValue
        self.css = "state-\(state.rawValue)"
    }
}
