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
                .usage, wrong.sentence, evidence: usage, next: wrong.suggestion.map { NextStep($0) } + [help])
        }
        return Problem(
            .usage, sentence, evidence: usage, next: (option + value).map { NextStep($0) } + [help])
    }

    private var help: NextStep { "See the help:  \(helpCommand)" }

    private var sentence: String {
        var first = message.split(separator: "\n").first.map(String.init) ?? "The command line cannot be read"
        if let last = values.last, let start = first.firstRange(of: Self.valuesFollow) {
            let list = values.count == 1 ? last : values.dropLast().joined(separator: ", ") + " or " + last
            first = first[..<start.lowerBound] + " Use \(list)."
        }
        if let guess = first.firstRange(of: " Did you mean ") { first = String(first[..<guess.lowerBound]) }
        return first.hasSuffix(".") || first.hasSuffix("?") ? first : first + "."
    }

    private static let valuesFollow = " Please provide one of "

    /// The values that an option takes, where the parser lists them: some in a sentence, more on lines.
    private var values: [String] {
        guard let start = message.firstRange(of: Self.valuesFollow) else { return [] }
        let lines = message.split(separator: "\n").dropFirst().filter { $0.hasPrefix("  - ") }
        return lines.isEmpty ? Self.quoted(in: message[start.upperBound...]) : lines.map { String($0.dropFirst(4)) }
    }

    /// The option that was probably meant, of those that the command has. The parser offers the nearest, however far away.
    private var option: [String] {
        guard message.hasPrefix("Unknown option"), let typed = quotedWords.first?.dropDashes, typed.count > 1 else {
            return []
        }
        let known = CommandTree.options(at: path)
        guard
            let meant = Aliases.options[typed, default: []].first(where: known.contains)
                ?? CommandTree.nearest(to: typed, among: known)
        else { return [] }
        return ["Did you mean:  --\(meant)"]
    }

    /// The value that was probably meant, of those that the option takes.
    private var value: [String] {
        guard message.hasPrefix("The value "), let typed = quotedWords.first,
            let meant = Spelling.nearest(to: typed, among: values)
        else { return [] }
        return ["Did you mean:  \(meant)"]
    }

    /// The words that no command takes. An option behind a mistyped command is complained of first.
    private var unexpected: [String] {
        if message.lowercased().contains("unexpected argument") { return quotedWords }
        guard message.hasPrefix("Unknown option"), arguments.starts(with: path) else { return [] }
        return arguments.dropFirst(path.count).prefix(1).filter { !$0.hasPrefix("-") }
    }

    private var quotedWords: [String] { Self.quoted(in: message[...]) }

    private static func quoted(in text: Substring) -> [String] {
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
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
