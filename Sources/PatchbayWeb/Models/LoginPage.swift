import PatchbayCore

/// Asks for the token.
struct LoginPage: Sendable, Hashable {
    let next: String
    let problem: ProblemNote?
}
