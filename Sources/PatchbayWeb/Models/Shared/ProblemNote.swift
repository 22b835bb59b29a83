import PatchbayAPI
import PatchbayCore

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
