import PatchbayAPI
import PatchbayCore

/// Something to know or to fix, beside what it is about.
struct FindingNote: Sendable, Hashable {
    let glyph: String
    let word: String
    /// `severity-warning`
    let css: String
    /// What it is about, where the sentence does not begin with it.
    let about: String
    let sentence: String
    let next: [String]
    let code: String
    /// Where it can be looked after, if that is another page than the thing's own.
    let way: Anchor?

    init(_ finding: API.Finding) {
        self.about = finding.sentence.hasPrefix(finding.subject) ? "" : finding.subject
        self.sentence = finding.sentence
        self.next = finding.next
        self.code = finding.code
        self.way = finding.code == StorePage.code ? Anchor(text: "Resolve it", href: Link.store) : nil
        self.word = finding.severity.rawValue
        self.css = "severity-\(finding.severity.rawValue)"
        self.glyph =
            switch finding.severity {
            case .note: "·"
            case .warning: "!"
            case .problem: "✕"
            }
    }
}
