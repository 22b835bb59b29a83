import PatchbayAPI
import PatchbayDisplay

/// Whether a host can lend, in a word and its colour.
struct ReadinessMark: Sendable, Hashable {
    let word: String
    let css: String

    init(_ host: API.Host) {
        let readiness = HostReadiness(host)
        switch readiness {
        case .ready: (word, css) = (readiness.words + " ✓", "good")
        case .warned: (word, css) = (readiness.words, "good")
        case .away, .unreadable: (word, css) = (readiness.words, "attention")
        case .notReady: (word, css) = (readiness.words, "bad")
        }
    }
}
