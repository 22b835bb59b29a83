/// What left rows out of a list before `--where` did.
struct Narrowing: Sendable {
    /// The options, as they were typed: `--host atlas`; nil: none was.
    var words: String?
    /// How many rows there are without them; nil: as many as were given.
    var total: Int?
}
