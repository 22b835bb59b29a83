import PatchbayAPI
import PatchbayCore

/// Where a claim is in its life: glyph, word, colour; the ones that devices have, where they mean the same.
struct ClaimPhaseMark: Sendable, Hashable {
    let glyph: String
    let word: String
    let css: String

    init(_ phase: Claim.Phase) {
        self.word = phase.rawValue
        (self.glyph, self.css) =
            switch phase {
            case .pending: ("…", "attention")
            case .allocated: (String(DeviceState.allocated.glyph), "state-allocated")
            case .attached: (String(DeviceState.attached.glyph), "state-attached")
            case .releasing: ("↩", "quiet")
            }
    }
}
