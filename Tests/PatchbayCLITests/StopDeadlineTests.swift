import Dispatch
import Logging
import PatchbayAgent
import Testing

@testable import patchbay

@Suite(.timeLimit(.minutes(10))) struct `A server that is asked to end` {
    private final class Watched: Sendable {
        let plans = PlansUnderWay()
        let ended = DispatchSemaphore(value: 0)

        func begin() {
            StopDeadline(
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), plans: plans,
                patience: .milliseconds(1), end: { [ended] in ended.signal() }
            ).begin()
        }

        func isOver(withinMilliseconds limit: Int) -> Bool {
            ended.wait(timeout: .now() + .milliseconds(limit)) == .success
        }
    }

    @Test func `is ended when it does not end by itself`() {
        let server = Watched()
        server.begin()
        #expect(server.isOver(withinMilliseconds: 20_000))
    }

    @Test func `is not ended amid a plan of its agent, but after it`() {
        let server = Watched()
        server.plans.enter()
        server.begin()
        #expect(!server.isOver(withinMilliseconds: 50))
        // The next of those that a crash left begins as this one is over.
        server.plans.enter()
        server.plans.leave()
        #expect(!server.isOver(withinMilliseconds: 50))
        server.plans.leave()
        #expect(server.isOver(withinMilliseconds: 20_000))
    }
}
