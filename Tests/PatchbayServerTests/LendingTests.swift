import PatchbayAPI
import PatchbayClient
import PatchbayCore
import PatchbayHost
import PatchbayLab
import PatchbayTesting
import Testing

/// The real server and the real agent over HTTP, on a simulated kernel that takes long to read.
///
/// `make lab-long` sets `PATCHBAY_LENDING_TIMES` to 50 and `PATCHBAY_READ_DELAY` to 10 (seconds); otherwise each scenario
/// runs three times with a delay that a test can afford.
@Suite(.timeLimit(.minutes(180))) struct `Lending on a host that is read slowly` {
    @Test(arguments: LendingScenario.allCases)
    func `never fails, is never done before it is, and leaves nothing foreign`(_ scenario: LendingScenario) async throws
    {
        guard LendingRun.includes(scenario) else { return }
        try await LiveServer.with(readingTakes: LendingRun.readDelay) { live in
            let stage = try await Self.stage(live)
            let start = ContinuousClock.now
            let faults = try await stage.run(scenario, times: LendingRun.times)
            LendingRun.tell("simulated", scenario, since: start)
            #expect(faults.isEmpty, "\(faults.count): \(faults.prefix(5).joined(separator: "; "))")
        }
    }

    /// A VM with two devices, one of which has a companion.
    private static func stage(_ live: LiveServer) async throws -> LendingStage {
        let client = live.tcp
        try await live.until { try await client.vms().map(\.name) == ["one"] }
        let devices = [SampleHost.gpuA, SampleHost.gpuWithAudio]
        let request = API.PassthroughRequest(
            devices: devices.map { "atlas/\($0.short)" }, pool: "cards", create: API.PoolDraft(preparation: .onDemand))
        _ = try await client.makePassthrough(request, dryRun: false)
        _ = try await client.attach(API.AttachRequest(pool: "cards", count: 2), to: "one", dryRun: false)
        let kernel = live.kernel
        return LendingStage(
            service: client, vm: "one", pool: "cards", asked: devices.map { "atlas/\($0.short)" },
            companions: ["atlas/\(SampleHost.audio.short)"],
            pause: LendingRun.isWanted ? .milliseconds(300) : .milliseconds(5)
        ) { device in
            try await kernel.driverState(of: try DeviceID(device).key.pci!)?.driver
        }
    }
}
