import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayLab
import PatchbayTesting
import Testing

/// Only where `make lab-long` asks for it: fifty of each take an hour.
extension `The emulated lab` {
    @Test(.enabled(if: LendingRun.isWanted, "make lab-long runs it"), arguments: LendingScenario.allCases)
    func `lends and takes back, again and again, while its host is read slowly`(_ scenario: LendingScenario)
        async throws
    {
        guard LendingRun.includes(scenario) else { return }
        let session = try session
        let (host, service) = (session.host, session.service)
        let (lent, companion) = (["sparenvme", "card.display"], "card.entropy")
        let addresses = session.addresses.mapValues(\.description)
        try await withVM("lender", lending: lent) {
            try await restartAgent("--read-delay", "\(LendingRun.readDelaySeconds)")
            let stage = LendingStage(
                service: service, vm: "lender", pool: "lender", asked: try lent.map(session.name),
                companions: [try session.name(companion)]
            ) { device in
                let id = try #require(addresses.first { device.hasSuffix($0.value) }?.key)
                return try await session.driver(id)
            }
            let start = ContinuousClock.now
            let faults = try await stage.run(scenario, times: LendingRun.times)
            LendingRun.tell("emulated", scenario, since: start)
            #expect(faults.isEmpty, "\(faults.count): \(faults.prefix(5).joined(separator: "; "))")
            try await restartAgent()
        }
        #expect(try await service.host(host.name).agent.isConnected)
    }

    func restartAgent(_ arguments: String...) async throws {
        let session = try session
        try await session.host.killAgent()
        let start = Date()
        let words = arguments.joined(separator: " ")
        if words.isEmpty { try await session.host.startAgent() } else { try await session.host.startAgent(words) }
        try await Lab.waitForReports(of: [session.host.name], since: start, from: session.service)
    }
}
