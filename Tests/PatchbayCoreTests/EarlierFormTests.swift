import Foundation
import PatchbayCore
import Testing

/// Values as servers wrote them that knew claims of VMs only.
@Suite struct `What an earlier server stored` {
    private func read<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }

    private static let request =
        #"{"count":2,"name":"gpus-1","numa":"required","target":{"pool":{"_0":"gpus"}}}"#

    @Test func `is still read as the claim that it was`() throws {
        let units =
            #"[{"pool":"gpus","request":"gpus-1","unit":{"bridges":[],"companions":[],"primary":"0000:41:00.0"}}]"#
        for (word, phase) in [("allocated", Claim.Phase.allocated), ("attached", .attached), ("releasing", .releasing)]
        {
            let claim = try read(
                Claim.self,
                #"{"host":"atlas","id":"c-1","phase":{"\#(word)":{}},"requests":[\#(Self.request)],"units":\#(units),"#
                    + #""vm":"trainer"}"#)
            #expect(claim.owner == .vm("trainer"))
            #expect(claim.phase == phase)
            #expect(claim.host == "atlas")
            #expect(claim.units.map(\.unit.primary) == [try DeviceKey("41:00.0")])
            #expect(claim.terms == ClaimTerms())
        }
    }

    @Test func `is still read as the allocation that it was`() throws {
        let allocation = try read(
            Allocation.self, #"{"claim":"c-1","primary":"0000:41:00.0","vm":"trainer"}"#)
        #expect(
            allocation == Allocation(claim: "c-1", owner: .vm("trainer"), primary: try DeviceKey("41:00.0")))
    }

    @Test func `is still read as the request, rule and guest that it was`() throws {
        let request = try read(Request.self, Self.request)
        #expect(request == Request(name: "gpus-1", target: .pool("gpus"), count: 2, numa: .required))
        let rule = try read(
            Rule.self,
            #"{"conditions":[{"comparison":"=","field":"vendor","value":"10de"}],"isEnabled":true,"name":"r"}"#)
        #expect(rule.tags.isEmpty)
        let spec = try read(
            GuestSpec.self,
            #"{"boot":{"disk":{"format":"qcow2","path":"/d"}},"memoryMiB":1024,"name":"one","vcpus":2}"#)
        #expect(spec.pin == PinPolicy.none)
        let domain = try read(
            Domain.self,
            #"{"definedDevices":[],"isManaged":true,"liveDevices":[],"name":"one","state":"running","uuid":"u"}"#)
        #expect(!domain.isSeated)
    }

    @Test func `does not change what is written now`() throws {
        let claim = Claim(
            id: "c-1", owner: ClaimOwner(kind: .system, name: "slurm/1", tenant: "lab"),
            requests: [
                Request(
                    name: "r", target: .pool("gpus"), isOptional: true, group: .isolate, topology: .sameCard,
                    tags: ["physical_network": "lan"])
            ],
            terms: ClaimTerms(hosts: HostConstraint(labels: ["zone": "a"]), priority: 3, leaseSeconds: 60, waits: true),
            phase: .pending, createdAt: 7)
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
}
