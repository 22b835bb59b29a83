import PatchbayAPI
import PatchbayCore

/// One check of the doctor: what was looked at, the verdict, and what to do.
struct DoctorLine: Sendable, Hashable {
    let mark: String
    let css: String
    let word: String
    let title: String
    let reason: String
    let evidence: [String]
    /// All steps as one text to be copied; empty: nothing to do.
    let fix: String
    /// What is not well stands open.
    let isOpen: Bool

    init(_ check: API.DoctorCheck) {
        title = check.title
        reason = check.reason
        evidence = check.evidence
        fix = check.fix.joined(separator: "\n")
        isOpen = check.verdict >= .warning
        switch check.verdict {
        case .pass: (mark, css, word) = ("✓", "good", "well")
        case .note: (mark, css, word) = ("·", "quiet", "note")
        case .unknown: (mark, css, word) = ("?", "attention", "unknown")
        case .warning: (mark, css, word) = ("!", "attention", "warning")
        case .failure: (mark, css, word) = ("✕", "bad", "problem")
        }
    }
}
