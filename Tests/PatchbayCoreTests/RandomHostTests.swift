import PatchbayCore
import Testing

/// What the properties are worth depends on what the made-up hosts have.
@Suite struct `Made-up hosts` {
    @Test func `show every state, and every code that refuses a hand-over`() {
        var states: Set<DeviceState> = []
        var codes: Set<ProblemCode> = []
        var plans = 0
        for seed in 0..<100 as Range<UInt64> {
            let host = RandomHost(seed: seed)
            let view = HostView(inventory: host.inventory, usage: host.usage)
            let planner = Planner(inventory: host.inventory, usage: Usage())
            for function in host.inventory.functions {
                states.insert(view.state(of: function.address.key).state)
                guard let unit = host.inventory.unit(of: function.address) else { continue }
                do {
                    let plan = try planner.plan(.prepare([unit]), id: "p")
                    if plan.steps.count > 2 { plans += 1 }
                } catch { codes.insert(error.code) }
            }
        }
        #expect(states == [.free, .allocated, .attached, .host, .blocked])
        #expect(
            codes == [
                .hostCritical, .bootDisplay, .inUse, .groupNotIsolated, .noIOMMU, .noVFIO, .notAssignable,
                .virtualFunctionsInUse,
            ])
        #expect(plans > 100)
    }

    @Test func `are the same for the same seed`() {
        #expect(RandomHost(seed: 7).inventory == RandomHost(seed: 7).inventory)
        #expect(RandomHost(seed: 7).usage == RandomHost(seed: 7).usage)
        #expect(RandomHost(seed: 7).inventory != RandomHost(seed: 8).inventory)
    }
}
