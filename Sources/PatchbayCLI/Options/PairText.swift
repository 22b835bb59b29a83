import PatchbayCore

/// `NAME=VALUE` as it is typed for tags and labels.
enum PairText {
    /// Throws `.malformedInput`; the last of two values of one name counts for nothing: both are told.
    ///
    /// - Parameter what: `tag`, `label`.
    static func pairs(_ texts: [String], of what: String) throws(Problem) -> [String: String] {
        var pairs: [String: String] = [:]
        for text in texts {
            let (name, value) = try pair(text, of: what)
            if let other = pairs[name], other != value {
                throw Problem(
                    .malformedInput, "The \(what) \"\(name)\" is given twice: \(other) and \(value).",
                    next: ["Use it once."])
            }
            pairs[name] = value
        }
        return pairs
    }

    static func pair(_ text: String, of what: String) throws(Problem) -> (name: String, value: String) {
        let name = text.prefix { $0 != "=" }
        guard !name.isEmpty, name.count < text.count else {
            throw Problem(.malformedInput, "\"\(text)\" is not a \(what).", next: ["Write NAME=VALUE."])
        }
        return (String(name), String(text.dropFirst(name.count + 1)))
    }
}
