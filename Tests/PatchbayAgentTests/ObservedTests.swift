import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayAgent

@Suite struct `Programs that an agent sees` {
    private static let daemon = DeviceHolder(
        pid: 812, command: "nvidia-persiste", node: "/dev/nvidia0", unit: "nvidia-persistenced.service")
    private static let monitor = DeviceHolder(pid: 900, command: "nvidia-smi", node: "/dev/nvidia0")

    /// A host on which these have the card open; as the last function of a domain, its controller is held with it.
    private func host(_ holders: [DeviceHolder]) -> Inventory {
        var inventory = AgentWorld.inventory
        inventory.survey = HostSurvey(holders: holders.isEmpty ? [:] : [AgentWorld.gpu.key: holders])
        let uses = holders.map { HostUse(of: $0, at: AgentWorld.gpu.key) }
        if !uses.isEmpty {
            inventory.hostUses[AgentWorld.gpu, default: []] += uses
            inventory.hostUses[AgentWorld.audio, default: []] += uses.map {
                HostUse(.childDomain, $0.severity, chain: $0.chain + ["x"])
            }
        }
        return inventory
    }

    private func again(_ holder: DeviceHolder, as pid: Int) -> DeviceHolder {
        var holder = holder
        holder.pid = pid
        return holder
    }

    @Test func `are told at once with the first look, and later ones when they stay`() {
        var observed = Observed()
        let looksAgain1 = observed.take(host([Self.daemon]))
        #expect(!looksAgain1)
        #expect(observed.told == host([Self.daemon]))
        let looksAgain2 = observed.take(host([Self.daemon, Self.monitor]))
        #expect(looksAgain2, "looked at again soon")
        #expect(observed.told == host([Self.daemon]), "it may be gone in a moment")
        let looksAgain3 = observed.take(host([Self.daemon, Self.monitor]))
        #expect(!looksAgain3)
        #expect(observed.told == host([Self.daemon, Self.monitor]))
        let looksAgain4 = observed.take(host([]))
        #expect(!looksAgain4)
        #expect(observed.told == host([]))
    }

    @Test func `and that look in now and then are not told`() {
        var observed = Observed()
        _ = observed.take(host([]))
        let looksAgain1 = observed.take(host([Self.monitor]))
        #expect(looksAgain1)
        let looksAgain2 = observed.take(host([again(Self.monitor, as: 901)]))
        #expect(!looksAgain2, "it comes and goes: looked for with the others")
        let looksAgain3 = observed.take(host([again(Self.monitor, as: 902)]))
        #expect(!looksAgain3)
        #expect(observed.told == host([]))
        let looksAgain4 = observed.take(host([again(Self.monitor, as: 903)]), isAsked: true)
        #expect(!looksAgain4)
        #expect(observed.told == host([again(Self.monitor, as: 903)]), "whoever asks is told everything")
    }

    @Test func `are the same when they start anew`() throws {
        var observed = Observed()
        _ = observed.take(host([Self.daemon]))
        let before = try #require(observed.told)
        let looksAgain = observed.take(host([again(Self.daemon, as: 4711)]))
        #expect(!looksAgain)
        let now = try #require(observed.told)
        #expect(now != before && now.isSame(as: before), "nothing to report")
        #expect(now.digest == before.digest, "and no plan is made again for that")
        #expect(!now.isSame(as: host([])))
    }
}
