import Foundation
import Glibc
import PatchbayCore

/// Runs blocking system calls on a thread of their own, so that they never hold one of the few that tasks share.
func offload<Value: Sendable>(
    _ work: @escaping @Sendable () -> Result<Value, Problem>
) async throws(Problem) -> Value {
    try await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: work()) }
    }.get()
}

extension Problem {
    /// A system call that failed, with the kernel's words for `errno`.
    static func system(_ sentence: String, errno code: Int32, next: [NextStep] = []) -> Problem {
        Problem(.failed, sentence, next: next, cause: String(cString: strerror(code)))
    }
}
