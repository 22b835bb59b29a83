import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// A word where a command was expected and none of that name is.
struct WrongCommand {
    /// The commands before it.
    private let path: [String]
    private let word: String
    private let rest: [String]
    private let names: [String]

    /// nil: the command at `path` has no subcommands, so the word is something else.
    init?(path: [String], unexpected: [String], arguments: [String]) {
        guard let word = unexpected.first, let names = Self.names(at: path), !names.isEmpty else { return nil }
        self.path = path
        self.word = word
        self.names = names
        rest = arguments.firstIndex(of: word).map { Array(arguments[($0 + 1)...]) } ?? []
    }

    var sentence: String { "There is no command \"\((["patchbay"] + path + [word]).joined(separator: " "))\"." }

    /// The whole line as it was probably meant.
    var suggestion: [String] {
        guard
            let meant = Self.aliases[word].flatMap({ names.contains($0[0]) ? $0 : nil })
                ?? Spelling.nearest(to: word, among: names).map({ [$0] })
        else { return [] }
        return ["Did you mean:  \(ShellLine(path + meant + rest).text)"]
    }

    /// What other systems call it.
    private static let aliases = [
        "rm": ["delete"], "remove": ["delete"], "undefine": ["delete"], "ls": ["list"], "info": ["show"],
        "get": ["show"],
        "describe": ["show"], "destroy": ["stop", "--now"], "kill": ["stop", "--now"], "shutdown": ["stop"],
        "reboot": ["restart"], "new": ["create"], "add": ["create"],
    ]

    /// The subcommands of the command at `path`; nil: there is no such command.
    static func names(at path: [String]) -> [String]? {
        var command = CLI.root
        for name in path {
            guard let next = command.configuration.subcommands.first(where: { $0.configuration.commandName == name })
            else { return nil }
            command = next
        }
        return command.configuration.subcommands.compactMap { $0.configuration.commandName }
    }
}
