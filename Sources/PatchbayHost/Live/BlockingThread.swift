import CPatchbayHost
import PatchbayCore

/// A thread for one call that may block, so that it holds none of the few threads that tasks share.
enum BlockingThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts `body` and returns at once. Throws `.failed` when the system has no thread left.
    static func start(_ body: @escaping @Sendable () -> Void) throws(Problem) {
        let work = Unmanaged.passRetained(Work(body))
        let error = pb_start_thread(
            { context in
                guard let context else { return }
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
            }, work.toOpaque())
        guard error != 0 else { return }
        work.release()
        throw Problem(.failed, "No thread can be started.", cause: ErrorNumber.name(-error))
    }
}
