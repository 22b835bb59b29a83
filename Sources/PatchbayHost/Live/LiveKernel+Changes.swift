import CPatchbayHost
import PatchbayCore

extension LiveKernel {
    /// So long nothing may come before events count as one change: a card brings a dozen within milliseconds.
    private static let quietMilliseconds: Int32 = 200

    /// Ends at once when the root is not `/`, for a recorded host never changes, and where the kernel gives no events
    /// (a container without a network namespace of its own right): then reading now and then is all that is left.
    package nonisolated func changes() -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            var ends: (Int32, Int32) = (-1, -1)
            let socket = root == "/" ? pb_uevents_open() : -1
            let hasPipe = withUnsafeMutablePointer(to: &ends) { pointer in
                pointer.withMemoryRebound(to: Int32.self, capacity: 2) { pb_make_pipe($0) == 0 }
            }
            guard socket >= 0, hasPipe else {
                for descriptor in [socket, ends.0, ends.1] where descriptor >= 0 { pb_close(descriptor) }
                continuation.finish()
                return
            }
            let (stop, stopper) = ends
            continuation.onTermination = { _ in pb_close(stopper) }
            do throws(Problem) {
                try BlockingThread.start {
                    while pb_uevents_wait(socket, stop, Self.quietMilliseconds) == 1 { continuation.yield() }
                    continuation.finish()
                    pb_close(socket)
                    pb_close(stop)
                }
            } catch {
                pb_close(socket)
                pb_close(stop)
                continuation.finish()
            }
        }
    }
}
