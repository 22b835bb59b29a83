import PatchbayAPI
import PatchbayCore
import PatchbayLab

/// Devices that go to a VM and come back, again and again, each time at once: as fast as whoever asks is told that the time before
/// is over. The same on a simulated and on an emulated host.
package enum LendingScenario: String, CaseIterable, Sendable {
    case restarts
    case stopsAndStarts = "stops-and-starts"
    case preparesAndReleases = "prepares-and-releases"
    case poolEditsAndStarts = "pool-edits-and-starts"
}

/// Where a scenario runs: a server, a VM that is off and asks for devices through a pool, and the kernel to compare with.
package struct LendingStage: Sendable {
    package var service: any PatchbayService
    package var vm: String
    package var pool: String
    /// The devices in the pool, by name: `atlas/41:00.0`.
    package var asked: [String]
    /// Those, and everything that goes along with them.
    package var devices: [String]
    /// How often a plan is looked at.
    package var pause: Duration
    /// The driver that the kernel itself says a device is on; nil: none.
    package var driver: @Sendable (_ device: String) async throws -> String?

    package init(
        service: any PatchbayService, vm: String, pool: String, asked: [String], companions: [String],
        pause: Duration = .milliseconds(300),
        driver: @escaping @Sendable (_ device: String) async throws -> String?
    ) {
        self.service = service
        self.vm = vm
        self.pool = pool
        self.asked = asked
        devices = asked + companions
        self.pause = pause
        self.driver = driver
    }

    /// Runs a scenario and leaves the stage as it was.
    ///
    /// - Returns: what went wrong, a sentence each: something failed, was said to be done before it was, or became foreign.
    package func run(_ scenario: LendingScenario, times: Int) async throws -> [String] {
        var course = try await LendingCourse(stage: self)
        switch scenario {
        case .restarts:
            try await course.start()
            for _ in 0..<times { try await course.restart() }
            try await course.stop()
        case .stopsAndStarts:
            for _ in 0..<times {
                try await course.start()
                try await course.stop()
            }
        case .preparesAndReleases:
            for _ in 0..<times {
                try await course.prepare()
                try await course.release()
            }
        case .poolEditsAndStarts:
            for _ in 0..<times {
                try await course.edit(.eager)
                try await course.start()
                try await course.stop()
                try await course.edit(.onDemand)
            }
        }
        return course.faults
    }
}
