import ArgumentParser
import PatchbayCore

/// `patchbay help TOPIC`: what is no command but worth a page.
struct HelpTopic: Sendable {
    var name: String
    var text: String

    static let pages = [filters, requests, policy, output, exitCodes, environment]

    /// The topic that a command line asks for; nil: it asks for something else.
    ///
    /// Throws `.usage` when it asks for help about what is neither a topic nor a command.
    static func asked(for arguments: [String]) throws(Problem) -> HelpTopic? {
        let words = arguments.filter { !$0.hasPrefix("-") }
        guard words.first == "help", words.count > 1 else { return nil }
        let name = words[1]
        if let page = pages.first(where: { $0.name == name }) { return page }
        if let code = ProblemCode(rawValue: name) { return HelpTopic(name: name, text: page(for: code)) }
        let path = Array(words.dropFirst())
        guard let end = path.indices.first(where: { CommandTree.names(at: Array(path[...$0])) == nil }) else {
            return nil
        }
        let known = Array(path[..<end])
        if !known.isEmpty, let wrong = WrongCommand(path: known, unexpected: [path[end]], arguments: path) {
            throw Problem(
                .usage, wrong.sentence,
                next: wrong.suggestion.map { NextStep($0) } + [
                    "See the help:  patchbay help \(known.joined(separator: " "))"
                ])
        }
        throw Problem(
            .usage, "There is no help about \"\(name)\".",
            next: [
                "Topics:  patchbay help \(pages.map(\.name).joined(separator: " | "))",
                "Commands:  patchbay --help",
            ])
    }

    private static func page(for code: ProblemCode) -> String {
        let status = ExitStatus(Problem(code, ""))
        let inPlan = code.endsPlans ? "\n  in a plan  8, failed and rolled back; 9 if it is stuck" : ""
        return """
            \(code.rawValue)

              \(code.explanation.what)

              next       \(code.explanation.next)
              exit code  \(status.rawValue), \(status.words)\(inPlan)

            """
    }
}

extension ProblemCode {
    /// A plan can fail with it, and the command then ends as the plan did. A guest that does not power off
    /// is left running.
    package var endsPlans: Bool {
        switch category {
        case .invalid, .notAllowed, .rolledBack, .stuck: false
        case .notFound, .refused, .conflict, .unreachable, .timedOut, .failed:
            self != .stillRunning && self != .interrupted
        }
    }
}
