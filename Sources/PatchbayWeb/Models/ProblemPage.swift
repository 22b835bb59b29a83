import PatchbayCore

/// An error with a page of its own.
struct ProblemPage: Sendable, Hashable {
    let heading: String
    let problem: ProblemNote
    let back: String
}
