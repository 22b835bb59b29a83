import PatchbayCore
import PatchbayTesting
import Testing

@Suite(.requirements("VX9")) struct `What guests may reset` {
    private let inventory = USBHost.inventory()

    private static func pools(_ resets: GuestReset?...) -> [Pool] {
        resets.enumerated().map { index, reset in
            var pool = USBHost.sticks
            (pool.name, pool.guestReset) = ("sticks-\(index)", reset)
            return pool
        }
    }

    private func plan(_ change: Change, _ pools: [Pool], _ domains: [Domain]) throws -> Plan {
        try Planner(inventory: inventory, usage: Usage(domains: domains, pools: pools)).plan(change, id: "p-1")
    }

    @Test(
        arguments: [
            (pools(nil), nil), (pools(.off), .off), (pools(.uninitialized), .uninitialized), (pools(.on), .on),
            (pools(.on, nil, .off), .off), (pools(.on, .uninitialized), .uninitialized),
        ] as [([Pool], GuestReset?)])
    func `is what their pools say, and the strictest of it`(_ pools: [Pool], _ reset: GuestReset?) throws {
        let off = Domain(name: "desk", uuid: "desk", state: .shutOff, liveDevices: [], definedDevices: [])
        let units = [USBHost.stick, USBHost.camera].compactMap { inventory.unit(of: $0) }
        let plan = try plan(.start(vm: "desk", claim: nil, units: units), pools, [off])
        let said = reset.map { [USBHost.stick: $0] }
        let devices = [USBHost.camera, USBHost.stick]
        let plug = try #require(plan.steps.first { $0.verb == "plug" })
        #expect(plug == .plug(vm: "desk", devices: devices, guestReset: said))
        #expect(plug.wayBack == .by(.unplug(vm: "desk", devices: devices, guestReset: said)))
    }

    @Test func `is said of what is plugged into a running VM, and again where that is undone`() throws {
        let pools = Self.pools(.off)
        let unit = try #require(inventory.unit(of: USBHost.stick))
        let idle = Domain(name: "desk", uuid: "desk", state: .running, liveDevices: [], definedDevices: [])
        let attach = try plan(.hotplug(vm: "desk", claim: "c", units: [unit]), pools, [idle]).steps.last
        #expect(attach == .attach(vm: "desk", device: USBHost.stick, guestReset: .off))
        let steps = try plan(
            .hotUnplug(vm: "desk", claim: "c", units: [unit], giveBack: []), pools,
            [USBHost.domain("desk", has: USBHost.stick)]
        ).steps
        #expect(steps.first?.wayBack == attach.map(WayBack.by))
    }

    @Test func `is said of pools of USB devices only`() throws {
        let problem = try #require(throws: Problem.self) { try Pool(name: "gpus", guestReset: .off).validate() }
        #expect(problem.code == .malformedInput && !problem.next.isEmpty)
        #expect(throws: Never.self) { try USBHost.sticks.validate() }
    }
}
