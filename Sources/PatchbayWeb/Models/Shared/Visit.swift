/// One request for a page, as far as pages care.
struct Visit: Sendable {
    var path: String
    var query: FormFields
    var visitor: Visitor?
    var theme: Theme = .auto
    /// What the last change had to say, shown once.
    var notice: String?
    /// Milliseconds since 1970-01-01T00:00:00Z.
    var now: Int
}
