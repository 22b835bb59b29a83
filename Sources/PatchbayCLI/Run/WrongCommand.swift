import PatchbayAPI
import PatchbayCore
import PatchbayText

/// A word where a command was expected and none of that name is.
struct WrongCommand {
    /// The commands before it.
    private let path: [String]
    private let word: String
    private let rest: [String]

    /// nil: the command at `path` has no subcommands, so the word is something else.
    init?(path: [String], unexpected: [String], arguments: [String]) {
        guard let word = unexpected.first, CommandTree.names(at: path)?.isEmpty == false else { return nil }
        self.path = path
        self.word = word
        rest = arguments.firstIndex(of: word).map { Array(arguments[($0 + 1)...]) } ?? []
    }

    var sentence: String { "There is no command \"\((["patchbay"] + path + [word]).joined(separator: " "))\"." }

    /// The whole line as it was probably meant; several where a verb is one of several nouns.
    var suggestion: [String] {
        let meant = Self.meant([word] + rest, at: path).map { [path + $0] } ?? elsewhere
        let lines = meant.map { ShellLine($0).text }
        guard lines.count <= Self.mostSuggestions else { return [] }
        return lines.enumerated().map { ($0 == 0 ? "Did you mean:  " : "Or:  ") + $1 }
    }

    private static let mostSuggestions = 3

    /// The words behind `path` with all that are no commands replaced; nil: what is meant by the first cannot be told.
    private static func meant(_ words: [String], at path: [String]) -> [String]? {
        guard let word = words.first, let names = CommandTree.names(at: path), !names.isEmpty else { return words }
        let rest = Array(words.dropFirst())
        let known = names.contains(word) ? [word] : nil
        guard
            let command = known ?? Aliases.commands[word, default: []].first(where: { names.contains($0[0]) })
                ?? CommandTree.nearest(to: word, among: names).map({ [$0] })
        else { return nil }
        let below = path + [command[0]]
        return [command[0]] + command.dropFirst() + (meant(rest, at: below) ?? rest)
    }

    /// The lines with a noun before a verb that was typed first or alone, or without one: `list vms` is `vm list`, `start x` is
    /// `vm start x`, and `vm attach` is `attach`.
    private var elsewhere: [[String]] {
        guard let nouns = CommandTree.names(at: []) else { return [] }
        guard path.isEmpty else { return nouns.contains(word) ? [[word] + rest] : [] }
        if let noun = rest.first, let turned = Self.meant([noun, word] + rest.dropFirst(), at: []),
            CommandTree.names(at: [turned[0]])?.contains(turned[1]) == true
        {
            return [turned]
        }
        for verb in [[word]] + Aliases.commands[word, default: []] {
            let found = nouns.filter { CommandTree.names(at: [$0])?.contains(verb[0]) == true }
            if !found.isEmpty { return found.map { [$0] + verb + rest } }
        }
        return []
    }
}
