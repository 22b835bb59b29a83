import Foundation
import PatchbayTesting

/// Kills a server so long after so many answers, from a thread of its own.
final class ServerDeath: Sendable {
    private let answers = DispatchSemaphore(value: 0)
    private let count: Int

    init(of server: ServerProcess, afterAnswers count: Int, microseconds: UInt32) {
        self.count = count
        Thread.detachNewThread { [answers] in
            for _ in 0..<count { answers.wait() }
            usleep(microseconds)
            server.kill()
        }
    }

    func didAnswer() { answers.signal() }

    /// However many answers there were.
    func comeNow() { for _ in 0..<count { answers.signal() } }
}
