import Dispatch
import Foundation
import Logging
import PatchbayAgent

/// Ends the process when it does not end by itself after SIGTERM or SIGINT, however busy it is; never amid a plan of the
/// agent that runs in it: the step under way is finished, taken back and written down first.
///
/// Runs on a queue of its own: computing requests may have all threads that Swift's tasks run on. The store survives it
/// as it survives a power cut; what was acknowledged is there.
final class StopDeadline: Sendable {
    private let queue = DispatchQueue(label: "patchbay.stop")
    private let logger: Logger
    private let plans: PlansUnderWay
    private let patience: DispatchTimeInterval
    private let end: @Sendable () -> Void

    init(
        logger: Logger, plans: PlansUnderWay, patience: DispatchTimeInterval = .milliseconds(1600),
        end: @escaping @Sendable () -> Void = { _exit(0) }
    ) {
        self.logger = logger
        self.plans = plans
        self.patience = patience
        self.end = end
    }

    /// Looks out for the signals until the process is over.
    func watch() {
        for signal in [SIGTERM, SIGINT] {
            let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
            source.setEventHandler { [self] in
                withExtendedLifetime(source) { begin() }
            }
            source.activate()
        }
    }

    /// The process was asked to end.
    func begin() {
        if !plans.isEmpty { logger.notice("stopping when the running plan has ended") }
        plans.whenEmpty { [self] in
            queue.asyncAfter(deadline: .now() + patience) { [self] in
                // Of several that a crash left unfinished, the next may have begun.
                guard plans.isEmpty else { return begin() }
                logger.warning("stopped while requests were being answered")
                end()
            }
        }
    }
}
