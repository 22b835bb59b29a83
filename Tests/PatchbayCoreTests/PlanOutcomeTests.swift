import PatchbayCore
import Testing

@Suite struct `What was read after a plan` {
    private let before = SampleHost.inventory()
    private var steps: [Step] {
        get throws {
            try Planner(inventory: before, usage: Usage())
                .plan(.prepare([SampleHost.unit(SampleHost.gpu)]), id: "p-1").steps
        }
    }

    private func sentences(_ after: Inventory, knowing before: Inventory) throws -> [String] {
        let findings = after.differences(from: before, after: try steps)
        #expect(findings.allSatisfy { $0.code == "not-as-planned" && !$0.next.isEmpty })
        return findings.map(\.sentence)
    }

    @Test func `is as the plan was to make it, wherever the last report came`() throws {
        let done = before.after(try steps)
        for count in 0...(try steps.count) {
            #expect(try sentences(done, knowing: before.after(try steps.prefix(count))).isEmpty)
        }
    }

    @Test func `tells every difference of what was written to and of its mates`() throws {
        var after = before.after(try steps)
        after.functions[after.index(of: SampleHost.gpu)!].driver = "nvidia"
        after.functions[after.index(of: SampleHost.audio)!].driverOverride = nil
        #expect(
            try sentences(after, knowing: before) == [
                "atlas/c1:00.0 is on nvidia; the plan expected vfio-pci.",
                "atlas/c1:00.1 has the driver override none; the plan expected vfio-pci.",
            ])
        after.functions.removeAll { $0.address == SampleHost.gpu }
        #expect(try sentences(after, knowing: before).first == "atlas/c1:00.0 is no longer there.")
    }

    @Test func `leaves out what else changed on the host`() throws {
        var after = before.after(try steps)
        after.functions[after.index(of: SampleHost.a100)!].driver = nil
        after.hostUses[SampleHost.idle] = [HostUse(.route, .inUse, chain: ["x"])]
        #expect(try sentences(after, knowing: before).isEmpty)
    }
}
