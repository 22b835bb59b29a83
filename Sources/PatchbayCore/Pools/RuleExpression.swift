/// Regular expressions as rules and filters may write them.
///
/// They are matched by backtracking, in a server, against every device. So an expression that could take for ever is
/// not accepted in the first place: nothing in parentheses may be repeated, and repetitions and choices are few.
enum RuleExpression {
    static let longest = 200
    /// `*`, `+` and `{}`: each can multiply the work by the length of the text.
    static let mostRepetitions = 4
    /// `?` and `|`: each can double the work.
    static let mostChoices = 10

    /// Throws the sentence that says what is wrong with it, as a `.malformedRule`.
    static func compile(_ text: String) throws(Problem) -> Regex<AnyRegexOutput> {
        guard text.utf8.count <= longest else {
            throw refused(text, "is longer than \(longest) bytes")
        }
        try checkRepetitions(text)
        do { return try Regex(text) } catch {
            throw Problem(
                .malformedRule, "\"\(text)\" is not a regular expression.",
                next: ["Put a backslash before characters that stand for themselves: A100\\.0"], cause: "\(error)")
        }
    }

    private static func checkRepetitions(_ text: String) throws(Problem) {
        var repetitions = 0
        var choices = 0
        var previous: Character?
        var isEscaped = false
        for character in text {
            switch isEscaped ? "\\" : character {
            case "*", "+", "{":
                guard previous != ")" else { throw refused(text, "repeats what is in parentheses") }
                repetitions += 1
            case "|": choices += 1
            case "?" where previous != "(": choices += 1
            default: break
            }
            previous = isEscaped ? nil : character
            isEscaped = !isEscaped && character == "\\"
        }
        guard repetitions <= mostRepetitions else {
            throw refused(text, "has more than \(mostRepetitions) repetitions")
        }
        guard choices <= mostChoices else { throw refused(text, "has more than \(mostChoices) choices") }
    }

    private static func refused(_ text: String, _ why: String) -> Problem {
        Problem(
            .malformedRule, "\"\(text)\" \(why), which could take for ever to match.",
            next: ["Write a simpler expression, or use *= to look for a part of the text."])
    }
}
