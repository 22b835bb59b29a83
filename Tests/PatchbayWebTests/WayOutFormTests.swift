import PatchbayAPI
import PatchbayCore
import Testing

@testable import PatchbayWeb

@Suite struct `Ways out in the dashboard` {
    @Test func `of a plan are on its page`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let done = try await browse.apply("/plans/p-1/cancel", [:])
            #expect(done.status == 303)
            _ = try await browse.apply("/plans/p-1/retry", [:])
            _ = try await browse.apply("/plans/p-1/resolve", ["statement": "unbound by hand"])
            #expect(await service.done == ["cancel p-1", "retry p-1", "resolve p-1 unbound by hand"])
            #expect(try await browse.post("/plans/p-1/resolve", [:]).status == 400)
        }
    }

    @Test func `of a lost host need a reason, once the risk is shown`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let refused = try await browse.post("/hosts/atlas/remove", [:])
            #expect(refused.status == 422)
            #expect(refused.body.contains("name=\"allow\" value=\"host-lost\""))
            #expect(refused.body.contains("Go on in spite of host-lost"))
            let done = try await browse.apply("/hosts/atlas/remove", ["allow": "host-lost", "reason": "burnt down"])
            #expect(done.status == 303)
            #expect(await service.done == ["remove atlas burnt down"])
            let never = try await browse.post("/hosts/atlas/remove", ["allow": "host-critical", "reason": "x"])
            #expect(never.status == 422)
            #expect(!never.body.contains("Go on in spite"))
        }
    }

    @Test func `of a VM that may still run is to say that it is off`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            _ = try await browse.apply("/vms/build-3/confirm-off", ["statement": "seen"])
            #expect(await service.done == ["confirm-off build-3 seen"])
        }
    }
}
