import PatchbayAPI
import PatchbayCore
import PatchbayText

/// An error with a page of its own.
struct ProblemPage: Sendable, Hashable {
    let heading: String
    let problem: ProblemNote
    let back: String
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
        self.next = problem.next.lines
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
