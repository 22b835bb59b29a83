import PatchbayCore

/// Asks for the token.
struct LoginPage: Sendable, Hashable {
    let next: String
    let problem: ProblemNote?
    /// A form of a session that had ended, perhaps one without fields, is sent again after the login.
    let isKeeping: Bool
    let kept: [FormFields.Field]

    init(next: String, problem: ProblemNote?, kept: FormFields? = nil) {
        self.next = next
        self.problem = problem
        self.isKeeping = kept != nil
        self.kept = kept?.fields ?? []
    }
}

/// After the login: the form that was sent when the session had ended, to send it again.
struct ResumePage: Sendable, Hashable {
    let action: String
    let kept: [FormFields.Field]
}

/// A sheet that says that the session ended; the form is behind it.
struct EndedPage: Sendable, Hashable {
    let back: String
}
