import ArgumentParser
import PatchbayCore

/// What the argument parser says about a command line it cannot read, as a problem like any other.
struct UsageText {
    /// `Unknown option '--x'`
    var message: String
    /// The same with usage lines and `See 'patchbay device list --help' for more information.`
    var full: String

    var problem: Problem {
        Problem(.usage, sentence, evidence: usage, next: suggestion + ["See what there is:  \(helpCommand)"])
    }

    private var sentence: String {
        let first = message.split(separator: "\n").first.map(String.init) ?? "The command line cannot be read"
        return first.hasSuffix(".") || first.hasSuffix("?") ? first : first + "."
    }

    /// The verb that was probably meant: `list` for `lst`.
    private var suggestion: [String] {
        let quoted = message.split(separator: "'", omittingEmptySubsequences: false)
        guard message.hasPrefix("Unexpected argument"), quoted.count > 2 else { return [] }
        let path = helpCommand.split(separator: " ").dropFirst().filter { !$0.hasPrefix("-") }.map(String.init)
        let command = path.reduce(CLI.root) { command, name in
            command.configuration.subcommands.first { $0.configuration.commandName == name } ?? command
        }
        let names = command.configuration.subcommands.compactMap { $0.configuration.commandName }
        guard let name = Spelling.nearest(to: String(quoted[1]), among: names) else { return [] }
        return ["Did you mean:  \((["patchbay"] + path + [name]).joined(separator: " "))"]
    }

    private var usage: [String] {
        full.split(separator: "\n").filter { $0.hasPrefix("Usage: ") }.map { String($0.dropFirst("Usage: ".count)) }
    }

    private var helpCommand: String {
        guard let line = full.split(separator: "\n").last(where: { $0.contains("See '") }) else {
            return "patchbay --help"
        }
        return line.split(separator: "'").dropFirst().first.map(String.init) ?? "patchbay --help"
    }
}
