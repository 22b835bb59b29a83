import PatchbayCore
import PatchbayHost
import PatchbayLab
import PatchbayTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct `The simulated hypervisor` {
    @Test(arguments: HypervisorContract.all.map(\.name)) func `keeps the contract`(_ name: String) async throws {
        let (_, check) = try #require(HypervisorContract.all.first { $0.name == name })
        try await check(SimulatedHypervisor())
    }

    private func refusal(_ world: AgentWorld) async -> Problem? {
        do throws(Problem) {
            try await world.hypervisor.start(AgentWorld.vm)
            return nil
        } catch {
            return error
        }
    }

    @Test func `starts no VM whose device is on a host driver, or whose group mate is`() async throws {
        let world = AgentWorld()
        try await world.hypervisor.define(AgentWorld.spec)
        try await world.hypervisor.plug([AgentWorld.gpu.key], into: AgentWorld.vm)
        #expect(await refusal(world)?.cause == "ENODEV")
        try await world.hand([AgentWorld.gpu])
        #expect(await refusal(world)?.cause == "EPERM")
        await world.kernel.set(AgentWorld.audio, driver: nil, override: nil)
        #expect(await refusal(world) == nil)
        #expect(try await world.hypervisor.domains().first?.liveDevices == [AgentWorld.gpu.key])
    }

    @Test(.requirements("V39")) func `starts no VM whose device another one holds`() async throws {
        let world = AgentWorld()
        try await world.hand([AgentWorld.card])
        try await world.kernel.open(AgentWorld.card, by: "somebody")
        try await world.hypervisor.define(AgentWorld.spec)
        try await world.hypervisor.plug([AgentWorld.card.key], into: AgentWorld.vm)
        #expect(await refusal(world)?.cause == "EBUSY")
        await world.kernel.close(by: "somebody")
        #expect(await refusal(world) == nil)
        #expect(await world.kernel.holders(of: AgentWorld.card) == [AgentWorld.vm])
        await world.hypervisor.powerOff(AgentWorld.vm)
        #expect(await world.kernel.holders(of: AgentWorld.card) == [])
    }

    @Test func `shows what the guest printed, and what is typed`() async throws {
        let world = AgentWorld()
        try await world.hypervisor.define(AgentWorld.spec)
        try await world.hypervisor.start(AgentWorld.vm)
        #expect(try await world.hypervisor.consoleLog(of: AgentWorld.vm) == Array("login: ".utf8))
        let console = try await world.hypervisor.openConsole(of: AgentWorld.vm)
        await #expect(throws: Problem.self) { try await world.hypervisor.openConsole(of: AgentWorld.vm) }
        try await console.send(Array("root\n".utf8))
        await world.hypervisor.print(Array("# ".utf8), from: AgentWorld.vm)
        await console.close()
        var shown: [UInt8] = []
        for await bytes in console.output { shown += bytes }
        #expect(String(decoding: shown, as: UTF8.self) == "root\n# ")
        await (try world.hypervisor.openConsole(of: AgentWorld.vm)).close()
    }
}
