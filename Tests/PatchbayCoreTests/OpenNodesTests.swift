import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Open nodes` {
    private let unit = SampleHost.unit(SampleHost.gpu)

    @Test func `keep who had one, and the rest in doubt, where not everything could be seen`() throws {
        var inventory = SampleHost.inventory()
        let earlier = HostUse(.holder, .inUse, chain: ["trainer", "/dev/nvidia0", SampleHost.gpu.description])
        inventory.hostUses[SampleHost.gpu] = [earlier]
        inventory.replaceHolders(
            of: [SampleHost.gpu.key],
            by: OpenNodes(gaps: ["not all processes could be read in time"]))
        let uses = try #require(inventory.hostUses[SampleHost.gpu])
        #expect(uses.map(\.severity) == [.inUse, .unknown])
        inventory.hostUses[SampleHost.gpu] = [uses[1]]
        #expect(Planner(inventory: inventory, usage: Usage()).refusal(for: unit)?.code == .notProvenFree)
        inventory.replaceHolders(of: [SampleHost.gpu.key], by: OpenNodes())
        #expect(inventory.hostUses[SampleHost.gpu] == nil, "all was seen")
    }

    @Test func `are not in doubt on what the plan itself has bound`() throws {
        var before = SampleHost.inventory()
        for address in unit.members.compactMap(\.pci) {
            let index = try #require(before.index(of: address))
            before.functions[index].driver = nil
        }
        let plan = try Planner(inventory: before, usage: Usage()).plan(
            .start(vm: "v", claim: nil, units: [unit]), id: "p-1")
        let step = try #require(plan.steps.last)
        var now = before.after(plan.steps)
        now.replaceHolders(of: now.devices(deciding: [unit]), by: OpenNodes(gaps: ["only this container"]))
        #expect(now.hostUses[SampleHost.gpu]?.map(\.severity) == [.unknown])
        try Planner(inventory: now, usage: Usage()).requireMayPerform(step, of: plan)
    }
}
