import PatchbayTesting
import Testing

@testable import PatchbayCore

@Suite struct `An explanation` {
    private let gpus = Pool(name: "gpus", rules: [Rule(name: "r", conditions: [Condition(.name, .contains, "A100")])])

    private func explain(_ requests: [Request], _ usage: Usage, hosts: HostConstraint = .any) -> Explanation {
        let view = SampleHost.view(usage)
        var index = FleetIndex()
        index.set("atlas", view.standing())
        let world = PlacementWorld(
            view: { $0 == "atlas" ? view : nil }, claims: usage.claims.values.sorted { $0.id < $1.id },
            standingWithout: { over in
                let ids = Set(over.map(\.id))
                var less = usage
                less.claims = less.claims.filter { !ids.contains($0.key) }
                less.allocations = less.allocations.filter { !ids.contains($0.value.claim) }
                return SampleHost.view(less).standing()
            })
        return Explainer(PlacementWish(requests: requests, hosts: hosts), in: index, world: world).explain()
    }

    @Test(.requirements("OX7")) func `says who holds what, and which claim to end`() throws {
        var usage = Usage(pools: [gpus])
        usage.give([SampleHost.a100], to: "trainer-01")
        usage.claims["claim-trainer-01"]?.amend { $0.expiresAt = 5000 }
        let explanation = explain([Request(name: "g", target: .pool("gpus"), count: 2)], usage)
        #expect(explanation.decision == nil)
        let atlas = try #require(explanation.hosts.first)
        #expect(atlas.reason?.sentence == "Request g needs 2 of pool gpus; only 1 of them are available here.")
        let held = try #require(atlas.devices.first { $0.device.key == SampleHost.a100.key })
        #expect(held.reason == Reason(.held, "VM trainer-01 has it."))
        #expect(held.holder == "trainer-01" && held.until == 5000)
        #expect(
            explanation.fixes.map(\.changes) == [
                [.count(request: "g", 1)],
                [.release(claim: "claim-trainer-01", holder: "VM trainer-01", until: 5000)],
            ])
        #expect(explanation.fixes[1].commands == [.stopVM("trainer-01")])
    }

    @Test func `says what spoke for the choice`() throws {
        let explanation = explain([Request(name: "g", target: .pool("gpus"))], Usage(pools: [gpus]))
        #expect(explanation.decision?.units.map(\.unit.primary) == [SampleHost.a100.key])
        #expect(explanation.scores.map(\.name) == ["free-left"])
        #expect(
            explanation.scores[0].sentence
                == "1 of pool gpus stay free on atlas: pack prefers the host with the fewest.")
        #expect(explanation.fixes.isEmpty)
    }

    @Test func `names what two changes do together where one does not help`() {
        let hosts = HostConstraint(names: ["boreas"])
        let requests = [
            Request(name: "g", target: .pool("gpus")), Request(name: "n", target: .pool("nics")),
        ]
        let explanation = explain(requests, Usage(pools: [gpus]), hosts: hosts)
        #expect(explanation.hosts.map(\.reason?.code) == [.otherHost])
        #expect(explanation.fixes.map(\.changes) == [[.optional(request: "n"), .anyHost]])
        #expect(
            explanation.fixes[0].sentence
                == "Make request n optional, and: Allow any host.")
    }
}
