import PatchbayAPI
import PatchbayCore

/// A small change that makes a claim fit, with the ways to do it: a line to copy, a button where there is one.
struct FixLine: Sendable, Hashable {
    let sentence: String
    let command: String?
    let until: Deadline?
    let actions: [Action]
    let links: [Anchor]
    let uses: [Use]

    /// A form that shows what it would do first.
    struct Action: Sendable, Hashable {
        let action: String
        let label: String
        /// What it sends; empty: nothing.
        let field: String
        let value: String

        init(_ action: String, _ label: String, field: String = "", value: String = "") {
            self.action = action
            self.label = label
            self.field = field
            self.value = value
        }
    }

    /// A button of the form that is being filled in: it changes the form.
    struct Use: Sendable, Hashable {
        let value: String
        let label: String
    }

    init(
        _ fix: API.Fix, action: Action? = nil, link: Anchor? = nil, use: Use? = nil, now: Int
    ) {
        self.sentence = fix.sentence
        self.command = fix.command
        self.until = fix.until.map { Deadline($0, now: now) }
        self.actions = action.map { [$0] } ?? []
        self.links = link.map { [$0] } ?? []
        self.uses = use.map { [$0] } ?? []
    }
}
