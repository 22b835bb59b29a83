import PatchbayAPI
import PatchbayCore

/// What stands beside the form for a claim: where it would be served, or what is still missing.
struct ClaimPreview: Sendable, Hashable {
    let explanation: ExplanationNote?
    /// Why there is none.
    let hint: Hint?
    /// Some of what was typed cannot be read yet: the rest is explained.
    let isUnfinished: Bool
    /// For those who listen.
    let said: String

    init(_ explanation: ExplanationNote, isUnfinished: Bool) {
        self.explanation = explanation
        self.hint = nil
        self.isUnfinished = isUnfinished
        self.said = explanation.headline
    }

    init(_ hint: Hint, isUnfinished: Bool = true) {
        self.explanation = nil
        self.hint = hint
        self.isUnfinished = isUnfinished
        self.said = hint.sentence
    }
}
