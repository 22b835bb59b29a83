import ArgumentParser
import PatchbayCore

/// What the argument parser says about a command line it cannot read, as a problem like any other.
struct UsageText {
    /// `Unknown option '--x'`
    var message: String
    /// The same with usage lines and `See 'patchbay device list --help' for more information.`
    var full: String
    /// What was typed behind `patchbay`.
    var arguments: [String]

    var problem: Problem {
        if let wrong = WrongCommand(path: path, unexpected: unexpected, arguments: arguments) {
            return Problem(
                .usage, wrong.sentence, evidence: usage, next: wrong.suggestion + ["See what there is:  \(helpCommand)"]
            )
        }
        return Problem(.usage, sentence, evidence: usage, next: option + ["See what there is:  \(helpCommand)"])
    }

    private var sentence: String {
        let lines = message.split(separator: "\n").map(String.init)
        var first = lines.first ?? "The command line cannot be read"
        let values = lines.dropFirst().filter { $0.hasPrefix("  - ") }.map { String($0.dropFirst(4)) }
        if let last = values.last, first.hasSuffix("the following:") {
            let list = values.count == 1 ? last : values.dropLast().joined(separator: ", ") + " or " + last
            first = first.replacing("Please provide one of the following:", with: "Use \(list).")
        }
        if let guess = first.firstRange(of: " Did you mean ") { first = String(first[..<guess.lowerBound]) }
        return first.hasSuffix(".") || first.hasSuffix("?") ? first : first + "."
    }

    /// The option that was probably meant. The parser offers the nearest one, however far away that is.
    private var option: [String] {
        let quoted = quotedWords
        guard message.hasPrefix("Unknown option"), let typed = quoted.first else { return [] }
        if typed == "--force", ["stop", "restart"].contains(path.last) { return ["Did you mean:  --now"] }
        let (word, guesses) = (typed.dropDashes, quoted.dropFirst().map(\.dropDashes))
        guard let guess = Spelling.nearest(to: word, among: Array(guesses)) else { return [] }
        return ["Did you mean:  --\(guess)"]
    }

    /// The words that no command takes. An option behind a mistyped command is complained of first.
    private var unexpected: [String] {
        if message.lowercased().contains("unexpected argument") { return quotedWords }
        guard message.hasPrefix("Unknown option"), arguments.starts(with: path) else { return [] }
        return arguments.dropFirst(path.count).prefix(1).filter { !$0.hasPrefix("-") }
    }

    private var quotedWords: [String] {
        let parts = message.split(separator: "'", omittingEmptySubsequences: false)
        return parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) }
    }

    private var usage: [String] {
        full.split(separator: "\n").filter { $0.hasPrefix("Usage: ") }.map { String($0.dropFirst("Usage: ".count)) }
    }

    /// The commands down to the one that could not read its arguments.
    private var path: [String] {
        helpCommand.split(separator: " ").dropFirst().filter { !$0.hasPrefix("-") }.map(String.init)
    }

    private var helpCommand: String {
        guard let line = full.split(separator: "\n").last(where: { $0.contains("See '") }) else {
            return "patchbay --help"
        }
        return line.split(separator: "'").dropFirst().first.map(String.init) ?? "patchbay --help"
    }
}

extension String {
    fileprivate var dropDashes: String { String(drop { $0 == "-" }) }
}
