import PatchbayCore
import PatchbayHost
import PatchbayLab
import PatchbayTesting
import Testing

/// What a real 6.1 kernel was seen to answer, row by row.
@Suite struct `The simulated kernel` {
    private let world = AgentWorld()
    private let card = AgentWorld.card

    /// The errno of a write; nil: it went well.
    private func write(_ text: String, _ attribute: KernelAttribute) async -> String? {
        do throws(Problem) {
            try await world.kernel.write(text, to: attribute, deadlineSeconds: 1)
            return nil
        } catch {
            return error.cause ?? error.code.rawValue
        }
    }

    private func state(_ address: PCIAddress) async throws -> DriverState? {
        try await world.kernel.driverState(of: address)
    }

    @Test func `unbinds an idle device`() async throws {
        #expect(await write("\(card)", .unbind(driver: "igb")) == nil)
        #expect(try await state(card) == DriverState(driver: nil, override: nil))
    }

    @Test func `refuses to unbind from a driver that does not have it`() async throws {
        #expect(await write("\(card)", .unbind(driver: "nvme")) == "ENODEV")
        #expect(await write("\(AgentWorld.bare)", .unbind(driver: "nvme")) == "ENODEV")
        #expect(await write("\(card)", .unbind(driver: "vfio-pci")) == "ENOENT", "not loaded: no directory")
        #expect(await write("0000:7f:00.0", .unbind(driver: "igb")) == "ENODEV")
        #expect(await write("nonsense", .unbind(driver: "igb")) == "ENODEV")
    }

    @Test func `says yes to a probe whatever comes of it`() async throws {
        #expect(await write("\(card)", .driversProbe) == nil)
        #expect(try await state(card)?.driver == "igb", "bound already: nothing changes")
        #expect(await write("\(AgentWorld.bare)", .driversProbe) == nil)
        #expect(try await state(AgentWorld.bare)?.driver == nil, "nothing matches")
        #expect(await write("nodriver", .driverOverride(AgentWorld.bare)) == nil)
        #expect(await write("\(AgentWorld.bare)", .driversProbe) == nil)
        #expect(try await state(AgentWorld.bare)?.driver == nil, "override names no driver")
    }

    @Test(.requirements("O16")) func `lets an override count at the next probe only`() async throws {
        try await world.kernel.loadModule("vfio-pci")
        #expect(await write("vfio-pci", .driverOverride(card)) == nil)
        #expect(try await state(card) == DriverState(driver: "igb", override: "vfio-pci"))
        #expect(await write("\(card)", .unbind(driver: "igb")) == nil)
        #expect(await write("\(card)", .driversProbe) == nil)
        #expect(try await state(card)?.driver == "vfio-pci")
        #expect(await write("", .driverOverride(card)) == nil)
        #expect(try await state(card) == DriverState(driver: "vfio-pci", override: nil))
    }

    @Test func `gives no bridge and no PF with virtual functions to vfio-pci`() async throws {
        var inventory = AgentWorld.inventory
        let index = try #require(inventory.index(of: card))
        inventory.functions[index].role = .physical(total: 8, active: 2, virtualFunctions: [])
        let world = AgentWorld(inventory: inventory)
        try await world.kernel.loadModule("vfio-pci")
        for address in [card, AgentWorld.bridge] {
            await world.kernel.set(address, driver: nil, override: "vfio-pci")
            try await world.kernel.write("\(address)", to: .driversProbe, deadlineSeconds: 1)
            #expect(try await world.kernel.driverState(of: address)?.driver == nil)
        }
    }

    @Test func `gives no group mate of an open device to a host driver`() async throws {
        try await world.hand([AgentWorld.gpu])
        await world.kernel.set(AgentWorld.audio, driver: nil, override: nil)
        try await world.kernel.open(AgentWorld.gpu, by: "vm")
        #expect(await write("\(AgentWorld.audio)", .driversProbe) == nil)
        #expect(try await state(AgentWorld.audio)?.driver == nil)
        await world.kernel.close(by: "vm")
        #expect(await write("\(AgentWorld.audio)", .driversProbe) == nil)
        #expect(try await state(AgentWorld.audio)?.driver == "snd_hda_intel")
    }

    @Test func `blocks while somebody holds what is unbound, and goes on when he lets go`() async throws {
        try await world.hand([card])
        try await world.kernel.open(card, by: "vm")
        #expect(await write("\(card)", .unbind(driver: "vfio-pci")) == "timed-out")
        #expect(try await state(card)?.driver == nil, "the link goes first")
        #expect(await write("", .driverOverride(card)) == "timed-out", "the device is locked")
        #expect(await write("\(card)", .driversProbe) == "timed-out")
        #expect(try await state(card) == DriverState(driver: nil, override: "vfio-pci"))
        await world.kernel.close(by: "vm")
        #expect(try await state(card) == DriverState(driver: "igb", override: nil))
        #expect(await write("\(card)", .unbind(driver: "igb")) == nil)
    }

    @Test func `forgets the override of a device that was removed and found again`() async throws {
        try await world.hand([card])
        let function = try #require(try await world.kernel.inventory()[card])
        await world.kernel.remove(card)
        #expect(try await state(card) == nil)
        #expect(await write("x", .driverOverride(card)) == "ENOENT")
        await world.kernel.add(function)
        #expect(try await state(card) == DriverState(driver: "igb", override: nil))
    }

    @Test func `tells changes of drivers and nothing else`() async throws {
        var changes = world.kernel.changes().makeAsyncIterator()
        #expect(await write("\(card)", .driversProbe) == nil)
        #expect(await write("\(card)", .unbind(driver: "igb")) == nil)
        #expect(await changes.next() != nil)
    }
}
