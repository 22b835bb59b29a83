import Foundation

/// How often and how slowly the scenarios run here: as `make lab-long` says, else as a test can afford.
package enum LendingRun {
    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// `make lab-long` asks for them.
    package static var isWanted: Bool { environment["PATCHBAY_LENDING_TIMES"] != nil }

    package static var times: Int { environment["PATCHBAY_LENDING_TIMES"].flatMap { Int($0) } ?? 3 }

    package static var readDelaySeconds: Int { environment["PATCHBAY_READ_DELAY"].flatMap { Int($0) } ?? 10 }

    package static var readDelay: Duration { isWanted ? .seconds(readDelaySeconds) : .milliseconds(120) }

    /// False where another scenario was asked for alone.
    package static func includes(_ scenario: LendingScenario) -> Bool {
        environment["PATCHBAY_LENDING"].map { $0 == scenario.rawValue } ?? true
    }

    /// A line that `scripts/lab-long` reads.
    package static func tell(_ kind: String, _ scenario: LendingScenario, since start: ContinuousClock.Instant) {
        tell("\(kind)-\(scenario.rawValue)", since: start)
    }

    /// - Parameter name: as `scripts/long-scenarios` has it.
    package static func tell(_ name: String, since start: ContinuousClock.Instant) {
        print("long: \(name) \((ContinuousClock.now - start).components.seconds)")
    }
}
