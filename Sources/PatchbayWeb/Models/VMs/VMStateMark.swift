import PatchbayAPI
import PatchbayCore

/// A VM's state: glyph, word, colour.
struct VMStateMark: Sendable, Hashable {
    let glyph: String
    let word: String
    let css: String

    /// Of a VM whose host is lost nobody can say what it does.
    init(_ vm: API.VM) {
        let seen = VMStateMark(vm.state)
        (glyph, word, css) =
            vm.mayStillRun == true ? ("?", "may still run", "attention") : (seen.glyph, seen.word, seen.css)
    }

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
