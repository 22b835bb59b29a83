import PatchbayCore
import PatchbayText

/// What is wrong with a field that is still being filled in, said beside it and without alarm.
struct Hint: Sendable, Hashable {
    let sentence: String
    let next: String

    init(_ problem: Problem) {
        self.sentence = problem.detail
        self.next = problem.next.first?.text ?? ""
    }

    init(_ sentence: String) {
        self.sentence = sentence
        self.next = ""
    }
}
