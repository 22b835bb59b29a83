import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

/// Root of one host must not be able to end the server of all.
@Suite struct `The numbers of a report` {
    @Test func `are refused where no machine has them, and end nothing`() async {
        await withKnownIssue("FC1: sums of what guests have overflow") {
            await #expect(processExitsWith: .success) {
                let plane = ControlPlane.forTest(MemoryStore())
                var guests = [SampleHost.domain("one"), SampleHost.domain("two")]
                for index in guests.indices { (guests[index].state, guests[index].vcpus) = (.running, .max) }
                let report = AgentProtocol.Report(
                    inventory: SampleHost.inventory(), domains: guests, agentVersion: "test")
                do throws(Problem) { try await plane.report(report, host: "atlas") } catch {
                    precondition(error.code == .malformedInput)
                }
                _ = try await plane.status()
            }
        }
    }
}
