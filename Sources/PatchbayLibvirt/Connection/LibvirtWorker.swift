import Foundation
import PatchbayCore

/// Threads for calls that block: the ones of Swift's concurrency must not, there are only as many as processors.
///
/// Jobs are taken in order; with one thread each ends before the next begins.
final class LibvirtWorker: Sendable {
    private let queue = JobQueue()

    init(_ name: String, threads: Int = 1) {
        for _ in 0..<threads {
            let thread = Thread { [queue] in while let job = queue.next() { job() } }
            thread.name = name
            thread.start()
        }
    }

    deinit { queue.end() }

    func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(Problem) -> Value
    ) async throws(Problem) -> Value {
        let result: Result<Value, Problem> = await withCheckedContinuation { continuation in
            queue.add { continuation.resume(returning: Result { () throws(Problem) in try body() }) }
        }
        return try result.get()
    }

    /// Runs it some time later; for giving back what a call made.
    func later(_ body: @escaping @Sendable () -> Void) {
        queue.add(body)
    }
}

/// Unchecked: `jobs` and `isEnded` are only touched with the condition locked.
private final class JobQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private var jobs: [@Sendable () -> Void] = []
    private var isEnded = false

    func add(_ job: @escaping @Sendable () -> Void) {
        condition.withLock {
            jobs.append(job)
            condition.signal()
        }
    }

    /// Waits for a job; nil once there are no more and none will come.
    func next() -> (@Sendable () -> Void)? {
        condition.withLock {
            while jobs.isEmpty {
                if isEnded { return nil }
                condition.wait()
            }
            return jobs.removeFirst()
        }
    }

    func end() {
        condition.withLock {
            isEnded = true
            condition.broadcast()
        }
    }
}
