import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import PatchbayText
import Testing

@Suite struct `Making devices passthrough` {
    @Test(.requirements("P7", "P12", "P18", "V36"), arguments: StoreKind.allCases)
    func `makes a rule for each device in a new pool`(_ kind: StoreKind) async throws {
        try await Scene.with(kind) { scene in
            let change = try await scene.plane.makePassthrough(
                API.PassthroughRequest(
                    devices: ["atlas/41:00.0", "42:00.0"], pool: "gpus",
                    create: API.PoolDraft(description: "All of them", deviceClass: .gpu)), dryRun: false)
            let pool = try await scene.plane.pool("gpus")
            #expect(pool.rules.map(\.madeFrom) == ["atlas/0000:41:00.0", "atlas/0000:42:00.0"])
            #expect(pool.devices.map(\.address) == ["0000:41:00.0", "0000:42:00.0"])
            #expect(pool.description == "All of them")
            #expect(change.message.contains("2 rules"))
            #expect(change.plans.isEmpty)
        }
    }

    @Test(.requirements("P12")) func `adds to a pool that exists, once only`() async throws {
        try await Scene.with { scene in
            try await scene.makePool("gpus", ["41:00.0"])
            try await scene.makePool("gpus", ["41:00.0", "42:00.0"])
            #expect(try await scene.plane.pool("gpus").rules.count == 2)
            let before = try await scene.revision
            try await scene.makePool("gpus", ["42:00.0"])
            #expect(try await scene.revision == before)
        }
    }

    @Test func `says that there is nothing to do, and no more, of a device that the pool has`() async throws {
        try await Scene.with { scene in
            try await scene.makePool("gpus", ["41:00.0"])
            let again = API.PassthroughRequest(devices: ["41:00.0"], pool: "gpus", create: nil)
            let change = try await scene.plane.makePassthrough(again, dryRun: true)
            #expect(change.message == "Nothing to do: pool gpus already has them." && change.differences == [])
            let missing = API.PassthroughRequest(devices: ["41:00.0"], pool: "nope", create: nil)
            let refusal = try await problem { _ = try await scene.plane.makePassthrough(missing, dryRun: true) }
            #expect(refusal.next.lines.last == "Or create it: repeat the command with --create")
        }
    }

    @Test(.requirements("V16", "V18", "V21")) func `shows who goes along before anything is done`() async throws {
        try await Scene.with { scene in
            let change = try await scene.plane.makePassthrough(
                API.PassthroughRequest(devices: ["c1:00.0"], pool: "cards", create: API.PoolDraft()), dryRun: true)
            #expect(
                change.findings.contains { $0.subject == "atlas/0000:c1:00.1" && $0.code == "companion-goes-along" })
            #expect(change.findings.contains { $0.code == "leaves-host" && $0.sentence.contains("nvidia") })
        }
    }

    @Test(.requirements("V8", "V11", "V22"), arguments: ["00:17.0", "00:14.0"])
    func `refuses the whole call when the host needs one of the group`(_ device: String) async throws {
        try await Scene.with { scene in
            let before = try await scene.revision
            let refusal = try await problem { try await scene.makePool("gpus", ["41:00.0", device]) }
            #expect(refusal.code.category == .refused)
            #expect(refusal.evidence.contains { $0.contains("sda") } || refusal.detail.contains("sda"))
            #expect(!refusal.next.isEmpty)
            #expect(try await scene.revision == before)
        }
    }

    @Test func `prepares the devices of an eager pool and gives them back with it`() async throws {
        try await Scene.with { scene in
            try await scene.makePool("ready", ["41:00.0"], .eager)
            try await scene.agent.work()
            var device = try await scene.plane.device("41:00.0")
            #expect(device.driver == "vfio-pci")
            #expect(device.binding?.originalDriver == "nvidia")
            _ = try await scene.plane.deletePool("ready", dryRun: false)
            try await scene.agent.work()
            device = try await scene.plane.device("41:00.0")
            #expect(device.driver == "nvidia")
            #expect(device.binding == nil)
        }
    }

    @Test func `names the hosts when a short name is not enough`() async throws {
        try await Scene.with { scene in
            try await ScriptedAgent(scene.plane, SampleHost.inventory("boreas")).report()
            let ambiguous = try await problem { _ = try await scene.plane.device("41:00.0") }
            #expect(ambiguous.code == .ambiguousName)
            #expect(ambiguous.evidence == ["atlas/41:00.0", "boreas/41:00.0"])
            #expect(try await scene.plane.device("boreas/41:00.0").host == "boreas")
        }
    }
}
