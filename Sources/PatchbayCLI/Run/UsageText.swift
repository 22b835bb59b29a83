import PatchbayCore

/// What the argument parser says about a command line it cannot read, as a problem like any other.
struct UsageText {
    /// `Unknown option '--x'`
    var message: String
    /// The same with usage lines and `See 'patchbay device list --help' for more information.`
    var full: String

    var problem: Problem {
        Problem(.usage, sentence, evidence: usage, next: ["See what there is:  \(helpCommand)"])
    }

    private var sentence: String {
        let first = message.split(separator: "\n").first.map(String.init) ?? "The command line cannot be read"
        return first.hasSuffix(".") || first.hasSuffix("?") ? first : first + "."
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
