import PatchbayAPI
import PatchbayCore

/// A word that leads somewhere.
struct Anchor: Sendable, Hashable {
    let text: String
    let href: String
}

/// A fact in two columns. `href`: where the value leads.
struct Fact: Sendable, Hashable {
    let term: String
    let value: String
    let target: String?

    init(_ term: String, _ value: String, href: String? = nil) {
        self.term = term
        self.value = value
        self.target = href
    }
}
