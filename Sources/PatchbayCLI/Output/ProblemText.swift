import PatchbayCore
import PatchbayText

/// An error as people read it: what, why, and what next, in this order.
struct ProblemText {
    private let problem: Problem
    private let suffix: [String]

    /// - Parameter suffix: what else belongs to the code: `rolled back`, `plan p-8a09`.
    init(_ problem: Problem, suffix: [String] = []) {
        self.problem = problem
        self.suffix = suffix
    }

    func render(_ style: Style) -> String {
        var lines = [style.paint("error:", .red) + " " + style.clean(problem.detail)]
        lines += part(problem.code == .usage ? "usage" : "why", problem.evidence, style)
        lines += part("cause", problem.cause.map { $0.split(separator: "\n").map(String.init) } ?? [], style)
        lines += part("next", problem.next.lines, style)
        let code = problem.code.rawValue
        let about = suffix.isEmpty ? "  (patchbay help \(code))" : suffix.map { style.clean(" · ") + $0 }.joined()
        lines += part("code", [code], style).map { $0 + style.clean(about) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func part(_ label: String, _ texts: [String], _ style: Style) -> [String] {
        texts.enumerated().map { index, text in
            "  \(style.paint((index == 0 ? label : "").padded(to: 9), .dim)) \(style.clean(text))"
        }
    }
}
