import Foundation
import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore

/// Claims and releases through the whole control plane, from the draft to the durable answer, without HTTP.
///
/// A claim is what it is for the store alone: a card of two functions of a pool. Here it is also chosen among hosts of eight
/// cards, by the same deciding, committing and following of the store as in `patchbay serve`.
struct ServerClaims {
    static let cards = 8

    private let plane: ControlPlane
    private let hosts: Int
    /// Follows the store and tends the queue.
    private let running: Task<Void, any Error>

    /// Hosts have reported and the pool is made.
    init(over store: any Store, hosts: Int) async throws {
        let logger = Logger(label: "patchbay-bench", factory: { _ in SwiftLogNoOpLogHandler() })
        let plane = ControlPlane(
            store: store, now: { Int(Date().timeIntervalSince1970 * 1000) },
            newID: { String(UInt64.random(in: 0...UInt64.max), radix: 36) }, logger: logger)
        for number in 0..<hosts {
            let name = Self.name(number)
            let report = AgentProtocol.Report(
                inventory: try Self.inventory(name), domains: [], agentVersion: AgentProtocol.version)
            try await plane.report(report, host: name)
        }
        let rule = API.Rule(
            name: "cards", conditions: [API.Condition(field: "id", comparison: "=", value: "10de:20b5")])
        _ = try await plane.createPool(
            API.PoolDraft(name: "gpus", preparation: .onDemand, rules: [rule]), dryRun: false)
        self.plane = plane
        self.hosts = hosts
        running = Task { try await plane.run() }
    }

    private static func name(_ number: Int) -> String { "host-\(number)" }

    /// Each agent asks for work, as agents do all the time: nothing is placed on hosts that are silent.
    func hearAgents() async throws {
        for number in 0..<hosts { _ = try await plane.work(host: Self.name(number), waitSeconds: 0) }
    }

    func stop() async {
        running.cancel()
        // It ends by being cancelled.
        _ = await running.result
    }

    func run(_ clients: Int, for duration: Duration, round: Int) async throws -> ClaimClients.Outcome {
        let plane = plane
        return try await .of(clients, for: duration) { client, end in
            let clock = ContinuousClock()
            var outcome = ClaimClients.Outcome()
            var number = 0
            while clock.now < end {
                number += 1
                let id = "c-\(round)-\(client)-\(number)"
                let draft = API.ClaimDraft(
                    id: id, owner: API.ClaimOwner(kind: .system, name: "trainer-\(client)"),
                    requests: [API.RequestDraft(pool: "gpus")])
                let begun = clock.now
                do { _ = try await plane.createClaim(draft, dryRun: false) } catch let problem as Problem {
                    guard problem.code == .busy else { throw problem }
                    outcome.refusals += 1
                    continue
                }
                outcome.latencies.append((clock.now - begun).microseconds)
                _ = try await plane.releaseClaim(id, dryRun: false)
            }
            return outcome
        }
    }

    /// Two sockets with four cards each; a card is a graphics function and an audio function in one group.
    private static func inventory(_ name: String) throws -> Inventory {
        var functions: [PCIFunction] = []
        var groups: [IOMMUGroup] = []
        for card in 0..<cards {
            let addresses = try (0..<2).map { try PCIAddress("0000:\(String(0x41 + card, radix: 16)):00.\($0)") }
            for (address, isAudio) in zip(addresses, [false, true]) {
                functions.append(
                    PCIFunction(
                        address: address, id: PCIID(vendor: 0x10de, device: isAudio ? 0x22bc : 0x20b5),
                        deviceClass: PCIClass(isAudio ? 0x040300 : 0x030200), vendorName: "NVIDIA Corporation",
                        deviceName: isAudio ? "HD Audio" : "A100 PCIe 80GB",
                        driver: isAudio ? "snd_hda_intel" : "nvidia", iommuGroup: IOMMUGroupID(card),
                        numaNode: NUMANode(card / 4), headerType: 0, resetMethods: ["flr"],
                        topologyPath: "pci0000:\(card / 4)0/0000:\(card / 4)0:0\(card % 4).0/\(address)"))
            }
            groups.append(IOMMUGroup(id: IOMMUGroupID(card), members: addresses))
        }
        return Inventory(
            host: HostFacts(
                name: name, kernel: "6.1.0", cpuCount: 128, memoryMiB: 1_048_576, numaNodes: [NUMANode(0), NUMANode(1)]),
            readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: functions,
            groups: groups)
    }
}
