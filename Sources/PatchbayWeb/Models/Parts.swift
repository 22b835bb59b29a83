import PatchbayAPI
import PatchbayCore

/// A device state as pages show it: shape, word, colour, in that order.
struct StateMark: Sendable, Hashable {
    let glyph: String
    let word: String
    /// `state-free`
    let css: String

    init(_ state: DeviceState) {
        self.glyph = String(state.glyph)
        self.word = state.rawValue
        self.css = "state-\(state.rawValue)"
    }
}

/// How many devices are in a state, with a link to them.
struct StateCount: Sendable, Hashable {
    let mark: StateMark
    let count: Int
    let href: String

    /// One entry for each state that some device is in, in the order of the vocabulary.
    static func counts(of devices: [API.Device], filter: String = "") -> [StateCount] {
        let byState = Dictionary(grouping: devices, by: \.state).mapValues(\.count)
        return DeviceState.allCases.compactMap { state in
            byState[state].map {
                let words = [filter, "state=\(state.rawValue)"].filter { !$0.isEmpty }.joined(separator: " ")
                return StateCount(mark: StateMark(state), count: $0, href: Link.devices(filter: words))
            }
        }
    }
}

/// One entry of a select box.
struct Choice: Sendable, Hashable {
    let value: String
    let label: String
    let isSelected: Bool

    init(_ value: String, _ label: String, selected: String? = nil) {
        self.value = value
        self.label = label
        self.isSelected = value == selected
    }
}

/// A group of entries in a select box.
struct ChoiceGroup: Sendable, Hashable {
    let label: String
    let choices: [Choice]
}

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

    init(_ finding: API.Finding) {
        self.about = finding.sentence.hasPrefix(finding.subject) ? "" : finding.subject
        self.sentence = finding.sentence
        self.next = finding.next
        self.code = finding.code
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

/// An error in its three parts: the sentence, the evidence, what to do next; and the code.
struct ProblemNote: Sendable, Hashable {
    let sentence: String
    let evidence: [String]
    let next: [String]
    let code: String
    let cause: String?

    init(_ problem: Problem) {
        self.sentence = problem.detail
        self.evidence = problem.evidence
        self.next = problem.next
        self.code = problem.code.rawValue
        self.cause = problem.cause
    }

    init(_ problem: API.Problem) {
        self.sentence = problem.detail
        self.evidence = problem.evidence
        self.next = problem.next
        self.code = problem.code
        self.cause = problem.cause
    }
}

/// A word that leads somewhere.
struct Anchor: Sendable, Hashable {
    let text: String
    let href: String
}

/// A fact in two columns. `href`: where the value leads.
struct Fact: Sendable, Hashable {
    let term: String
    let value: String
    let target: String?

    init(_ term: String, _ value: String, href: String? = nil) {
        self.term = term
        self.value = value
        self.target = href
    }
}
