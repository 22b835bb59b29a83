import PatchbayAPI
import PatchbayCore

/// One entry of a select box.
struct Choice: Sendable, Hashable {
    let value: String
    let label: String
    let isSelected: Bool

    init(_ value: String, _ label: String, selected: String? = nil) {
        self.value = value
        self.label = label
        self.isSelected = value == selected
    }
}

/// A group of entries in a select box.
struct ChoiceGroup: Sendable, Hashable {
    let label: String
    let choices: [Choice]
}
