/// A regular expression as rules and filters may write it, made ready to be looked for in many texts.
///
/// Matched by an automaton (Thompson, Pike) that is in all its states at once: the work is bounded by the length of the
/// text times the size of the expression, whatever both are, so there is no expression that could take for ever and no
/// search that has to be given up. What cannot be matched so (backreferences, lookaround, atomic groups) is refused.
/// Letters are Unicode scalars. Docs: `docs/filters.md`.
package struct RuleExpression: Hashable, Sendable {
    let program: ExpressionProgram

    static let longest = 200

    /// Throws `.malformedRule`, whose sentence names the column, counted from 1.
    package init(_ text: String) throws(Problem) {
        guard text.utf8.count <= Self.longest else {
            throw Problem(
                .malformedRule, "The regular expression is longer than \(Self.longest) bytes.",
                next: ["Write a simpler expression, or use *= to search for part of the text."])
        }
        do throws(ExpressionMistake) {
            var parser = ExpressionParser(text)
            program = ExpressionProgram(try parser.whole())
        } catch {
            throw Problem(
                .malformedRule, "\"\(text)\" is not a regular expression: column \(error.column): \(error.what).",
                next: [NextStep(error.next)])
        }
    }

    /// Whether it is found anywhere.
    package func isFound(in text: String) -> Bool { ExpressionRun(program).finds(text, anywhere: true) }

    /// Whether it is found at the beginning.
    func isPrefix(of text: String) -> Bool { ExpressionRun(program).finds(text, anywhere: false) }
}

/// Why something is no expression.
struct ExpressionMistake: Error {
    /// Counted from 1.
    var column: Int
    /// Goes on after a colon.
    var what: String
    var next = "Put a backslash before special characters that are meant literally: A100\\.0"
}
