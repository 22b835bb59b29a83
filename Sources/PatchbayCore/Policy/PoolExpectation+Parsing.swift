extension PoolExpectation {
    /// Reads the text form.
    ///
    /// - Parameter pool: the one that is meant where the text names none.
    ///
    /// Throws `.malformedInput`, `.malformedAddress`.
    package init(parsing text: String, for pool: String? = nil) throws(Problem) {
        var words = text.split(whereSeparator: \.isWhitespace).map(String.init)[...]
        var named = pool
        // A pool may be called like a verb; then a verb follows it.
        if words.count > 1, Verb(rawValue: words[1]) != nil { named = words.removeFirst() }
        guard let verb = words.popFirst().flatMap(Verb.init) else { throw Self.unreadable(text) }
        guard let named else {
            throw Problem(
                .malformedInput, "\"\(text)\" names no pool.", next: ["Write the pool's name first:  POOL \(text)"])
        }
        switch verb {
        case .matches:
            guard let wish = Self.count(&words) else { throw Self.unreadable(text) }
            var host: String?
            if words.count == 2, words.first == "on" { (host, words) = (words.last, []) }
            guard words.isEmpty else { throw Self.unreadable(text) }
            self.init(pool: named, host: host, wish)
        case .includes, .excludes:
            guard let name = words.popFirst(), words.isEmpty else { throw Self.unreadable(text) }
            let device = try DeviceID(name)
            self.init(pool: named, verb == .includes ? .includes(device) : .excludes(device))
        }
    }

    private enum Verb: String { case matches, includes, excludes }

    /// `4`, `none`, `at least 2`, `at most 8`
    private static func count(_ words: inout ArraySlice<String>) -> Wish? {
        guard let first = words.popFirst() else { return nil }
        if first == "none" { return .exactly(0) }
        guard first == "at" else { return number(first).map(Wish.exactly) }
        guard let bound = words.popFirst(), let count = words.popFirst().flatMap(number) else { return nil }
        switch bound {
        case "least": return .atLeast(count)
        case "most": return .atMost(count)
        default: return nil
        }
    }

    /// Digits only: `Int` takes a sign, too.
    private static func number(_ word: String) -> Int? {
        word.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(word) : nil
    }

    private static func unreadable(_ text: String) -> Problem {
        Problem(
            .malformedInput, "\"\(text)\" is not a valid expectation.",
            next: [
                NextStep(
                    "Write: POOL matches 4 [on HOST] | matches at least 2 | matches at most 8 | matches none"
                        + " | includes HOST/ADDRESS | excludes HOST/ADDRESS")
            ])
    }
}
