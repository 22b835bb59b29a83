import CPatchbayHost
import PatchbayCore

extension LiveKernel {
    /// So long nothing may come before what was heard counts as one change: a card brings a dozen events within
    /// milliseconds.
    private static let quietMilliseconds: Int32 = 100
    /// So long it is put off at most.
    private static let latestMilliseconds: Int32 = 500

    /// Ends at once when the root is not `/`, for a recorded host never changes, and where the kernel gives no events
    /// (a container without a network namespace of its own right): then reading now and then is all that is left.
    package nonisolated func changes() -> AsyncStream<HostChange> {
        AsyncStream { continuation in
            guard root == "/", let listener = KernelListener(), let stopper = listener.stopper else {
                return continuation.finish()
            }
            continuation.onTermination = { _ in pb_close(stopper) }
            do throws(Problem) {
                try BlockingThread.start {
                    while let change = listener.next(Self.quietMilliseconds, Self.latestMilliseconds) {
                        continuation.yield(change)
                    }
                    continuation.finish()
                }
            } catch {
                continuation.finish()
            }
        }
    }
}
