import PatchbayCore
import PatchbayHost
import PatchbayLab
import PatchbayTesting
import Testing

/// A plan and the host it starts on.
struct PlanFixture: Sendable, CustomTestStringConvertible {
    let name: String
    let plan: Plan
    let prepare: @Sendable (AgentWorld) async throws -> Void

    var testDescription: String { name }

    func world(journal: any Journal = MemoryJournal()) async throws -> AgentWorld {
        let world = AgentWorld(journal: journal)
        try await prepare(world)
        return world
    }

    private init(
        _ name: String, _ steps: [Step], change: Change = .prepare([]),
        prepare: @escaping @Sendable (AgentWorld) async throws -> Void = { _ in }
    ) {
        self.name = name
        plan = Plan(id: "p-\(name)", host: "atlas", change: change, title: name, basis: "00", steps: steps)
        self.prepare = prepare
    }

    private static func take(_ address: PCIAddress, from driver: String?) -> [Step] {
        (driver.map { [.unbind(address, from: $0)] } ?? [])
            + [.setOverride(address, from: nil, to: "vfio-pci"), .probe(address, to: "vfio-pci")]
    }

    private static func giveBack(_ address: PCIAddress, to driver: String) -> [Step] {
        [
            .unbind(address, from: "vfio-pci"), .setOverride(address, from: "vfio-pci", to: nil),
            .probe(address, to: driver),
        ]
    }

    static let single = PlanFixture("single", [.loadModule("vfio-pci")] + take(AgentWorld.card, from: "igb"))
    static let driverless = PlanFixture("driverless", [.loadModule("vfio-pci")] + take(AgentWorld.bare, from: nil))
    static let twoFunctions = PlanFixture(
        "two-functions",
        [.loadModule("vfio-pci")] + take(AgentWorld.gpu, from: "nvidia")
            + take(AgentWorld.audio, from: "snd_hda_intel"))

    static let release = PlanFixture("release", giveBack(AgentWorld.card, to: "igb"), change: .release([])) {
        try await $0.hand([AgentWorld.card])
    }

    static let define = PlanFixture("define", [.defineVM(AgentWorld.spec)], change: .define(AgentWorld.spec))

    static let start = PlanFixture(
        "start",
        [.loadModule("vfio-pci")] + take(AgentWorld.gpu, from: "nvidia")
            + take(AgentWorld.audio, from: "snd_hda_intel")
            + [.plug(vm: AgentWorld.vm, devices: unit.map(\.key)), .startVM(AgentWorld.vm)],
        change: .start(vm: AgentWorld.vm, claim: "c-1", units: [])
    ) { try await $0.hypervisor.define(AgentWorld.spec) }

    static let stop = PlanFixture(
        "stop",
        [.stopVM(AgentWorld.vm, timeoutSeconds: 5, force: false), .unplug(vm: AgentWorld.vm, devices: unit.map(\.key))]
            + giveBack(AgentWorld.gpu, to: "nvidia") + giveBack(AgentWorld.audio, to: "snd_hda_intel"),
        change: .stop(vm: AgentWorld.vm, claim: "c-1", units: [], giveBack: [], force: false)
    ) { world in
        try await world.hand(unit)
        try await world.hypervisor.define(AgentWorld.spec)
        try await world.hypervisor.plug(unit.map(\.key), into: AgentWorld.vm)
        try await world.hypervisor.start(AgentWorld.vm)
    }

    static let reset = PlanFixture("reset", [.resetVM(AgentWorld.vm)], change: .reset(vm: AgentWorld.vm)) { world in
        try await world.hypervisor.define(AgentWorld.spec)
        try await world.hypervisor.start(AgentWorld.vm)
    }

    /// Bound to a driver that its override does not name, so the override changes twice.
    static let otherOverride = PlanFixture(
        "other-override",
        [
            .loadModule("vfio-pci"), .setOverride(AgentWorld.card, from: "igb_uio", to: "igb"),
            .unbind(AgentWorld.card, from: "igb"), .setOverride(AgentWorld.card, from: "igb", to: "vfio-pci"),
            .probe(AgentWorld.card, to: "vfio-pci"),
        ]
    ) { await $0.kernel.set(AgentWorld.card, driver: "igb", override: "igb_uio") }

    private static let unit = [AgentWorld.gpu, AgentWorld.audio]

    static let all = [single, driverless, twoFunctions, release, otherOverride, define, start, stop]
}
