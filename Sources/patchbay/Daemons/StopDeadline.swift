import Dispatch
import Foundation
import Logging

/// Ends the process when it does not end by itself after SIGTERM or SIGINT, however busy it is.
///
/// Runs on a queue of its own: computing requests may have all threads that Swift's tasks run on. The store survives it
/// as it survives a power cut; what was acknowledged is there.
final class StopDeadline {
    private static let patience = DispatchTimeInterval.milliseconds(1600)
    private let sources: [any DispatchSourceSignal]

    init(logger: Logger) {
        let queue = DispatchQueue(label: "patchbay.stop")
        sources = [SIGTERM, SIGINT].map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
            source.setEventHandler {
                queue.asyncAfter(deadline: .now() + Self.patience) {
                    logger.warning("stopped while requests were being answered")
                    _exit(0)
                }
            }
            source.activate()
            return source
        }
    }

    deinit { for source in sources { source.cancel() } }
}
