import PatchbayAPI
import PatchbayCore

/// The doctor's report for people: the headline, what to do first, then the checks, what fails first.
struct DoctorText {
    private let report: API.DoctorReport
    private let isFull: Bool

    /// - Parameter isFull: evidence of checks that are well, too.
    init(_ report: API.DoctorReport, isFull: Bool) {
        self.report = report
        self.isFull = isFull
    }

    func render(_ style: Style) -> String {
        let title =
            ([style.clean(report.host)] + [style.clean(report.system.joined(separator: " · "))].filter { !$0.isEmpty })
            .joined(separator: "   ")
        let checks = report.checks.map { lines(of: $0, style).map { $0 + "\n" }.joined() }.joined()
        return "\(title)\n\n\(style.clean(report.headline))\n" + next(style) + "\n" + checks + "\n" + sums(style)
    }

    private func next(_ style: Style) -> String {
        report.next.map { "  \(style.paint("next", .dim))  \(style.clean($0))\n" }.joined()
    }

    private func lines(of check: API.DoctorCheck, _ style: Style) -> [String] {
        let indent = "    " + String(repeating: " ", count: width + 2)
        let code = style.clean(check.code).padded(to: width)
        var lines = ["  \(check.verdict.mark.text(style)) \(code)  \(style.clean(check.reason))"]
        if isFull || check.verdict >= .unknown {
            lines += check.evidence.map { indent + style.paint(style.clean($0), .dim) }
        }
        lines += check.fix.enumerated().map { index, step in
            indent + style.paint(index == 0 ? "fix  " : "     ", .dim) + style.clean(step)
        }
        return lines
    }

    private var width: Int { report.checks.map(\.code.columns).max() ?? 0 }

    private func sums(_ style: Style) -> String {
        let words: [(DoctorCheck.Verdict, String)] = [
            (.failure, "problem"), (.warning, "warning"), (.unknown, "unknown"),
        ]
        let counts = words.compactMap { verdict, word -> String? in
            let count = report.checks.count { $0.verdict == verdict }
            guard count > 0 else { return nil }
            return verdict == .unknown ? "\(count) unknown" : CountWords.count(count, word)
        }
        let start = counts.isEmpty ? "No problems" : counts.joined(separator: ", ")
        return "\(start). \(report.lendable) of \(CountWords.count(report.devices, "device")) can be lent.\n"
    }
}

extension PatchbayCore.DoctorCheck.Verdict {
    var mark: Mark {
        switch self {
        case .pass: .done
        case .note: Mark(glyph: "·", asciiGlyph: "-", colour: .dim)
        case .unknown: Mark(glyph: "?", asciiGlyph: "?", colour: .yellow)
        case .warning: .attention
        case .failure: .failed
        }
    }
}
