import PatchbayAPI
import PatchbayCore

/// A word that leads somewhere.
struct Anchor: Sendable, Hashable {
    let text: String
    let href: String
}
