/// One request for a page, as far as pages care.
struct Visit: Sendable {
    var path: String
    /// Without the choice of colours, which is no part of what is looked at.
    var query: FormFields
    var visitor: Visitor?
    var theme: Theme = .auto
    /// What the last change had to say, shown once.
    var notice: String?
    /// The cookie that brings it.
    var noticeCookie = ""
    /// The browser takes packed pages.
    var takesGzip = false
    /// The last event before the page was made; nil: there was none, or nobody asked.
    var newest: Int?
    /// Milliseconds since 1970-01-01T00:00:00Z.
    var now: Int

    /// The path with what was asked for there: where one comes back to.
    var address: String { query.fields.isEmpty ? path : "\(path)?\(query.encoded)" }
}
