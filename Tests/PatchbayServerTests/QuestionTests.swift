import PatchbayAPI
import PatchbayClient
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct `A question to an agent` {
    @Test func `that it cannot answer is answered with why, and nobody waits`() async throws {
        try await Scene.with { scene in
            async let asked = problem { _ = try await scene.plane.vmDefinition("one") }
            var question: String?
            while question == nil {
                for case .question(let id, _) in try await scene.plane.work(host: "atlas", waitSeconds: 5) {
                    question = id
                }
            }
            let cause = Problem(.hypervisorRefused, "libvirt does not know \"one\".", next: ["Start libvirt."])
            try await scene.plane.fail(try #require(question), because: cause, host: "atlas")
            #expect(try await asked == cause)
        }
    }

    @Test func `comes back over HTTP with the agent's own words`() async throws {
        try await LiveServer.with { live in
            try await live.until { try await live.tcp.vms().map(\.name) == ["one"] }
            // Nobody asked it; a late failure is dropped as a late answer is.
            try await live.unix.fail("q-none", because: Problem(.hypervisorRefused, "No."), host: "atlas")
            #expect(try await live.tcp.vms().map(\.name) == ["one"])
        }
    }
}

@Suite struct `A VM with a bad name` {
    @Test func `is refused with what was typed`() async throws {
        try await Scene.with { scene in
            let refusal = try await problem {
                _ = try await scene.plane.createVM(
                    API.VMDraft(name: "bad name", vcpus: 1, memoryMiB: 64, disk: "/d"), dryRun: true)
            }
            #expect(refusal.detail == "\"bad name\" is not a valid VM name.")
        }
    }
}
