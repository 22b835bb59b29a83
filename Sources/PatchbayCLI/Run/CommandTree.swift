import ArgumentParser
import PatchbayCore

/// The commands that there are, by the words that lead to them.
enum CommandTree {
    /// nil: there is no such command.
    static func command(at path: [String]) -> (any ParsableCommand.Type)? {
        var command: any ParsableCommand.Type = CLI.root
        for name in path {
            guard let next = command.configuration.subcommands.first(where: { $0.configuration.commandName == name })
            else { return nil }
            command = next
        }
        return command
    }

    /// The command that a line names, which begins with the program and need not be finished.
    static func command(ofLine words: [String]) -> any ParsableCommand.Type {
        var command: any ParsableCommand.Type = CLI.root
        for word in words.dropFirst() {
            command = command.configuration.subcommands.first { $0.configuration.commandName == word } ?? command
        }
        return command
    }

    /// The subcommands of the command at `path`; nil: there is no such command.
    static func names(at path: [String]) -> [String]? {
        command(at: path)?.configuration.subcommands.compactMap { $0.configuration.commandName }
    }

    /// The long options of the command at `path`, without their dashes, as its help lists them.
    static func options(at path: [String]) -> [String] {
        guard let command = command(at: path) else { return [] }
        let help = CLI.root.helpMessage(for: command, includeHidden: false, columns: 200)
        return help.split(separator: "\n").map { $0.drop(while: \.isWhitespace) }.filter { $0.hasPrefix("-") }
            .flatMap { line in
                line.split { " ,/".contains($0) }.prefix { $0.hasPrefix("-") }.filter { $0.hasPrefix("--") }
                    .map { String($0.dropFirst(2)) }
            }
    }

    /// The name that was probably meant: the nearest, or the only one that begins so.
    static func nearest(to word: String, among names: [String]) -> String? {
        if let near = Spelling.nearest(to: word, among: names) { return near }
        let longer = names.filter { $0.hasPrefix(word) }
        return word.count >= 3 && longer.count == 1 ? longer[0] : nil
    }
}
