import PatchbayCore
import Synchronization

/// A "no" that is still to be explained: looking for what would help takes a thousand times as long as the decision, so
/// it is done after it, when nobody waits behind whoever asked.
final class LateRefusal: Sendable {
    @TaskLocal static var current: LateRefusal?

    private let explain = Mutex<(@Sendable () -> Problem)?>(nil)

    func put(_ explain: @escaping @Sendable () -> Problem) { self.explain.withLock { $0 = explain } }
    func take() -> (@Sendable () -> Problem)? {
        explain.withLock { explain in
            defer { explain = nil }
            return explain
        }
    }

    /// What is refused in `work` is explained later.
    static func during<Answer>(
        _ late: LateRefusal, _ work: () throws(Problem) -> Answer
    ) throws(Problem) -> Answer {
        let outcome = $current.withValue(late) { Result { () throws(Problem) in try work() } }
        return try outcome.get()
    }

    /// Says no, later where somebody takes it, else at once.
    static func refuse(_ explain: @escaping @Sendable () -> Problem) -> Problem {
        guard let current else { return explain() }
        current.put(explain)
        return Problem(.noFit, "Nothing fits.")
    }
}

extension ControlPlane {
    /// One explanation at a time: the others of the process go on meanwhile, however many ask why.
    ///
    /// Throws `.interrupted` when nobody waits for it any more.
    func explaining<Answer: Sendable>(_ work: @Sendable () -> Answer) async throws(Problem) -> Answer {
        await explanations.enter()
        let answer = Task.isCancelled ? nil : work()
        await explanations.leave()
        guard let answer, !Task.isCancelled else {
            throw Problem(.interrupted, "The client stopped waiting for the explanation.", next: ["Ask again."])
        }
        return answer
    }
}
