import PatchbayAPI
import PatchbayCore

/// What stands beside the form of a question: the answer, or what is wrong with the question.
struct WhatIfAnswer: Sendable, Hashable {
    let outlook: OutlookNote?
    let problem: ProblemNote?
    /// Some of what was typed cannot be read yet: the rest is answered.
    let isUnfinished: Bool
    let said: String
    /// Where this question is, to be kept or sent to somebody.
    let address: String
    /// The same from a shell; empty: no line can say it.
    let command: String

    init(_ entry: WhatIfEntry, _ answer: Result<OutlookNote, Problem>) {
        switch answer {
        case .success(let outlook):
            (self.outlook, self.problem, self.said) = (outlook, nil, outlook.said)
        case .failure(let problem):
            (self.outlook, self.problem, self.said) = (nil, ProblemNote(problem), problem.detail)
        }
        self.isUnfinished = !entry.state.problems.isEmpty
        self.address = entry.address
        self.command = isUnfinished ? "" : entry.command ?? ""
    }
}
