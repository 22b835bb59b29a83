import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayHost
import PatchbayTesting
import PatchbayText
import Testing

@testable import PatchbayCLI

/// The line that a form shows is read back by the command line into the very request that the form sends.
@Suite struct `A line for a shell` {
    static let requests: [FakeService.Sent] = [
        .passthrough(
            API.PassthroughRequest(
                devices: ["atlas/41:00.0", "atlas/42:00.0"], pool: "new",
                create: API.PoolDraft(
                    name: "new", description: "it's for \"training\" & more", deviceClass: .gpu, preparation: .eager))),
        .passthrough(API.PassthroughRequest(devices: ["atlas/41:00.0"], pool: "a100")),
        .create(
            API.PoolDraft(
                name: "cards", kind: .pci, description: "--first $HOME `id`", deviceClass: .network,
                preparation: .eager, rules: [])
        ),
        .edit("a100", API.PoolDraft(description: "", deviceClass: .gpu, preparation: .onDemand)),
        .edit("a100", API.PoolDraft(name: "b200", description: "two words", deviceClass: .pci, preparation: .eager)),
        .attach(
            API.AttachRequest(
                pool: "a100", count: 2, name: "cards", isOptional: true, numa: .required, groupPolicy: .isolate,
                topology: .sameSwitch, tags: ["net": "a b", "trusted": "true"]), to: "trainer-02"),
        .attach(API.AttachRequest(device: "atlas/42:00.0", name: "that one"), to: "trainer-02"),
        .detach(API.DetachRequest(pool: "a100", count: 1), from: "trainer-01"),
        .detach(API.DetachRequest(request: "a100-1"), from: "trainer-01"),
        .detach(API.DetachRequest(device: "atlas/41:00.0"), from: "trainer-01"),
        .settings(
            API.HostSettingsDraft(
                labels: ["rack": "r-1", "zone": "a"], removeLabels: ["old"], isPinned: true, isCordoned: false),
            of: "atlas"),
        .settings(API.HostSettingsDraft(isPinned: false, isCordoned: true), of: "atlas"),
        .createVM(
            API.VMDraft(
                name: "web-01", host: "atlas", vcpus: 4, memoryMiB: 2048, kernel: "/boot/vmlinuz", initrd: "/boot/i rd",
                commandLine: "-s console=ttyS0", accelerator: .emulation, pin: .core, hugepages: "1G", cells: 2,
                requests: [
                    .init(
                        pool: "a100", count: 2, name: "cards", isOptional: true, numa: .required, tags: ["net": "a b"]),
                    .init(device: "atlas/42:00.0"),
                ])),
        .createVM(
            API.VMDraft(
                name: "web-02", profile: "trainer", vcpus: nil, memoryMiB: nil, disk: "/srv/it's.img",
                diskFormat: "raw",
                labels: ["zone": "a"], strategy: .spread)),
        .claim(
            API.ClaimDraft(
                id: "job-18", owner: .init(kind: .system, name: "slurm/job-18", tenant: "speech"),
                requests: [
                    .init(
                        pool: "a100", count: 1, name: "a100-1", groupPolicy: .isolate, topology: .sameSwitch,
                        tags: ["trusted": "true"])
                ], hosts: ["atlas"], labels: ["rack": "3"], strategy: .pack, priority: -5, leaseSeconds: 14_400,
                waits: true, reservation: "night")),
        .claim(
            API.ClaimDraft(owner: .init(kind: .reservation, name: "night"), requests: [.init(pool: "a100", count: 8)])),
        .stop("trainer-01", API.PowerRequest(force: true)), .stop("trainer-01", API.PowerRequest(timeoutSeconds: 30)),
    ]

    @Test(arguments: requests) func `is the request`(_ request: FakeService.Sent) async throws {
        let line = try #require(Self.line(request))
        let words = try await Self.words(ofLine: line.text)
        #expect(words.first == "patchbay")
        #expect(Array(words.dropFirst()) == line.words)
        let session = Session()
        let outcome = await session.run(Array(words.dropFirst()) + ["--dry-run"])
        #expect(outcome.status == 0, "\(line.text): \(outcome.talk)")
        #expect(await session.service.sent.last == request, "\(line.text)")
    }

    private static func line(_ request: FakeService.Sent) -> ShellLine? {
        switch request {
        case .passthrough(let request): ShellLine(request)
        case .create(let draft): ShellLine(creating: draft)
        case .edit(let pool, let draft): ShellLine(editing: pool, draft)
        case .attach(let request, let vm): ShellLine(request, to: vm)
        case .detach(let request, let vm): ShellLine(request, from: vm)
        case .settings(let draft, let host): ShellLine(draft, of: host)
        case .createVM(let draft): ShellLine(creating: draft)
        case .claim(let draft): ShellLine(claiming: draft)
        case .stop(let vm, let request): ShellLine("stop", vm, request)
        }
    }

    @Test func `is left out where the command line cannot say the request`() {
        let both = API.VMDraft(name: "a", disk: "/d", kernel: "/k")
        #expect(ShellLine(creating: both) == nil)
        let comma = API.RequestDraft(pool: "a100", count: 1, tags: ["net": "a,b"])
        #expect(ShellLine(claiming: API.ClaimDraft(owner: .init(kind: .system, name: "x"), requests: [comma])) == nil)
    }

    @Test(
        arguments: [
            (HostUse.Reason.storedData, HostUse.Severity.dataAtRisk, DeviceState.blocked, 5, [], "passthrough"),
            (.vmDisk, .dataAtRisk, .blocked, 5, ["disks"], "prepare"),
            (.bootDisplay, .critical, .host, 5, [], "passthrough"),
            (.mount, .critical, .host, 5, [], nil), (.mount, .inUse, .host, 5, [], nil),
            (.mount, .unknown, .blocked, 5, [], nil), (.storedData, .dataAtRisk, .blocked, nil, [], nil),
            (.storedData, .dataAtRisk, .attached, 5, ["disks"], nil),
        ] as [(HostUse.Reason, HostUse.Severity, DeviceState, Int?, [String], String?)])
    func `takes the risk that keeps a device with its host, where a person may`(
        _ reason: HostUse.Reason, _ severity: HostUse.Severity, _ state: DeviceState, _ group: Int?, _ pools: [String],
        _ verb: String?
    ) async throws {
        let use = HostUse(reason, severity, chain: ["ext4", "nvme0n1", "0000:42:00.0"])
        let device = Fleet.device(
            "42:00.0", "NVMe disk", group: group, driver: "nvme", state, pools: pools, hostUses: [API.HostUse(use)])
        let shown = DeviceRecord.make(device, history: [], isVerbose: false).fields.first { $0.label == "next" }?.lines
        guard let verb else {
            #expect(device.riskToTake == nil && shown?.contains { $0.contains("--allow") } != true)
            return
        }
        let line = try #require(device.riskToTake.map { device.line(taking: $0) })
        #expect(shown == [line.text])
        #expect(line.words.prefix(3) == ["device", verb, "atlas/42:00.0"])
        #expect(line.text.hasSuffix(" --allow \(use.code.rawValue) --reason TEXT"))
        let outcome = await Session().run(line.words + ["--dry-run"])
        #expect(outcome.status == 0, "\(outcome.talk)")
    }

    /// As a shell takes it apart.
    private static func words(ofLine line: String) async throws -> [String] {
        try await Program("/bin/sh").run(["-c", "printf '%s\\n' \(line)"], within: .seconds(300)).text
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    @Test(arguments: [
        ("a/b:1,2=x", "a/b:1,2=x"), ("lan a", "'lan a'"), ("it's", "'it'\\''s'"), ("", "''"), ("ä;", "'ä;'"),
    ])
    func `words of a line are quoted where a shell would make something else of them`(word: String, quoted: String) {
        #expect(ShellLine.quoted(word) == quoted)
    }
}
