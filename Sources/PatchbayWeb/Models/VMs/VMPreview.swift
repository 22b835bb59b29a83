import PatchbayAPI
import PatchbayCore

/// What stands beside the form for a VM: the host that has room for it now, or why none has, and what would make room.
struct VMPreview: Sendable, Hashable {
    let glyph: String
    let css: String
    let headline: String
    let host: Anchor?
    let reason: String
    let fixes: [FixLine]
    let hasFixes: Bool
    /// Why nothing is known.
    let hint: Hint?
    /// Some of what was typed cannot be read yet: the rest is placed.
    let isUnfinished: Bool
    /// For those who listen.
    let said: String

    init(_ room: API.Room, fixes: [FixLine], isUnfinished: Bool) {
        let host = room.placed > 0 ? room.hosts.first?.host : nil
        self.glyph = host == nil ? "✕" : "✓"
        self.css = host == nil ? "bad" : "good"
        self.headline = host == nil ? "It does not fit now" : "It fits on"
        self.host = host.map { Anchor(text: $0, href: Link.host($0)) }
        self.reason = host == nil ? room.reason?.sentence ?? "" : ""
        self.fixes = host == nil ? fixes : []
        self.hasFixes = host == nil && !fixes.isEmpty
        self.hint = nil
        self.isUnfinished = isUnfinished
        self.said = host.map { "It fits on \($0)." } ?? "It does not fit now."
    }

    init(_ problem: Problem, isUnfinished: Bool) {
        (glyph, css, headline, host, reason) = ("", "", "", nil, "")
        (fixes, hasFixes) = ([], false)
        hint = Hint(problem)
        self.isUnfinished = isUnfinished
        said = problem.detail
    }
}
