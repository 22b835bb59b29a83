import Foundation
import PatchbayCore
import Testing

@Suite struct `What is stored` {
    @Test func `is read as it was written`() throws {
        let claim = Claim(
            id: "c-1", owner: ClaimOwner(kind: .system, name: "slurm/1", tenant: "lab"),
            requests: [
                Request(
                    name: "r", target: .pool("gpus"), isOptional: true, group: .isolate, topology: .sameCard,
                    tags: ["physical_network": "lan"])
            ],
            terms: ClaimTerms(hosts: HostConstraint(labels: ["zone": "a"]), priority: 3, leaseSeconds: 60, waits: true),
            createdAt: 7)
        #expect(try JSONDecoder().decode(Claim.self, from: try JSONEncoder().encode(claim)) == claim)
        let rule = Rule(name: "r", conditions: [], tags: ["one_time_use": "true"])
        #expect(try JSONDecoder().decode(Rule.self, from: try JSONEncoder().encode(rule)) == rule)
        let allocation = Allocation(
            claim: "c-1", owner: claim.owner, primary: try DeviceKey("41:00.0"), reservation: "c-night")
        #expect(try JSONDecoder().decode(Allocation.self, from: try JSONEncoder().encode(allocation)) == allocation)
        let spec = GuestSpec(
            name: "one", vcpus: 2, memoryMiB: 64, boot: .disk(path: "/d", format: "raw"), pin: .core,
            hugepageKiB: 2048, cells: 1)
        #expect(try JSONDecoder().decode(GuestSpec.self, from: try JSONEncoder().encode(spec)) == spec)
    }

    @Test(arguments: [
        Claim.State.pending, .allocated(decision), .attached(decision), .releasing(decision),
    ])
    func `is a claim in any state, with what was decided`(_ state: Claim.State) throws {
        let claim = Claim(id: "c-1", owner: .vm("one"), requests: [], state: state)
        #expect(try JSONDecoder().decode(Claim.self, from: try JSONEncoder().encode(claim)) == claim)
        let stored = try #require(
            try JSONSerialization.jsonObject(with: try JSONEncoder().encode(claim)) as? [String: Any])
        #expect(stored["phase"] as? String == claim.phase.rawValue)
        #expect((stored["decision"] == nil) == (claim.phase == .pending))
    }

    @Test(arguments: Claim.Phase.allCases)
    func `is no claim whose state contradicts what was decided`(_ phase: Claim.Phase) throws {
        let claim = Claim(
            id: "c-1", owner: .vm("one"), requests: [],
            state: phase == .pending ? .allocated(Self.decision) : .pending)
        var stored = try #require(
            try JSONSerialization.jsonObject(with: try JSONEncoder().encode(claim)) as? [String: Any])
        stored["phase"] = phase.rawValue
        let bytes = try JSONSerialization.data(withJSONObject: stored)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Claim.self, from: bytes) }
    }

    private static let decision = ClaimDecision(host: "atlas", units: [], at: 5, expiresAt: 9)
}
