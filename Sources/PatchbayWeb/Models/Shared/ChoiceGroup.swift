import PatchbayAPI
import PatchbayCore

/// A group of entries in a select box.
struct ChoiceGroup: Sendable, Hashable {
    let label: String
    let choices: [Choice]
}
