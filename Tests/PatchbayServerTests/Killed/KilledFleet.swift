import PatchbayAPI
import PatchbayCore

/// Three hosts with graphics cards, every third of which has an audio function that goes along.
enum KilledFleet {
    /// Claims by name and claims of the pool `open` meet here; nobody waits.
    static let open = ["atlas", "boreas"]
    /// Claims of the pool `queue` wait here for their turn.
    static let queue = "cirrus"
    static let cards = 6

    /// `atlas/0000:41:00.0`
    static func names(_ host: String) -> [String] {
        (0..<cards).map { "\(host)/\(address($0, function: 0))" }
    }

    private static func address(_ card: Int, function: UInt8) -> PCIAddress {
        PCIAddress(domain: 0, bus: UInt8(0x41 + card), slot: 0, function: function)!
    }

    static func inventory(_ name: String) -> Inventory {
        var functions: [PCIFunction] = []
        var groups: [IOMMUGroup] = []
        for card in 0..<cards {
            var members = [address(card, function: 0)]
            functions.append(
                SampleHost.function(members[0], 0x10de, 0x20b5, 0x030200, group: card, driver: "nvidia", "A100"))
            if card.isMultiple(of: 3) {
                members.append(address(card, function: 1))
                functions.append(
                    SampleHost.function(
                        members[1], 0x10de, 0x22bc, 0x040300, group: card, driver: "snd_hda_intel", "HD Audio"))
            }
            groups.append(IOMMUGroup(id: IOMMUGroupID(card), members: members))
        }
        return Inventory(
            host: HostFacts(name: name, kernel: "6.1.0", cpuCount: 8, memoryMiB: 16_384, numaNodes: [NUMANode(0)]),
            readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: functions,
            groups: groups)
    }

    static func agents(of link: any AgentLink) -> [ScriptedAgent] {
        (open + [queue]).map { ScriptedAgent(link, inventory($0)) }
    }

    static func makePools(_ service: any PatchbayService) async throws {
        for (pool, hosts) in [("open", open), ("queue", [queue])] {
            _ = try await service.makePassthrough(
                API.PassthroughRequest(
                    devices: hosts.flatMap(names), pool: pool, create: API.PoolDraft(preparation: .onDemand)),
                dryRun: false)
        }
    }
}

extension ScriptedAgent {
    /// Reports, as an agent does when it has found its server again, and stays on the line until the server is gone.
    func attend() async throws {
        do {
            try await report()
            while true {
                let work = try await link.work(host: inventory.host.name, waitSeconds: 10)
                if work.contains(where: { if case .refresh = $0 { true } else { false } }) { try await report() }
            }
        } catch let problem as Problem where problem.isSilence {}
    }
}

extension Problem {
    /// The server is gone, or nobody wants the answer any more.
    var isSilence: Bool { code == .serverUnreachable || code == .interrupted }
}
