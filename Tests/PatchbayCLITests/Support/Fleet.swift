import PatchbayCore

@testable import PatchbayAPI

/// The fixed fleet of the fake service: one host, six devices, two VMs, one pool.
enum Fleet {
    static let now = 1_750_000_000_000

    static func device(
        _ address: String, _ name: String, group: Int?, numa: Int? = 0, driver: String?, _ state: DeviceState,
        reason: String = "", companions: [String] = [], pools: [String] = [], vm: String? = nil,
        hostUses: [API.HostUse] = []
    ) -> API.Device {
        API.Device(
            id: "atlas/0000:\(address)", shortID: "atlas/\(address)", host: "atlas", kind: .pci,
            address: "0000:\(address)", name: name, vendorID: "10de", deviceID: "20b5", vendorName: nil,
            deviceName: nil, subsystemID: "10de:1533", subsystemName: nil, classCode: "030200",
            className: "3D controller", revision: "a1", driver: driver, driverOverride: nil, iommuGroup: group,
            numaNode: numa, role: "type-PCI", parent: nil, totalVFs: nil, activeVFs: nil, isBridge: false,
            isBootDisplay: nil, bars: [.init(index: 0, sizeBytes: 16 << 20, kind: "memory64", isPrefetchable: true)],
            resetMethods: ["flr", "bus"], topologyPath: "pci0000:40/01.0/00.0", nodes: [], state: state, reason: reason,
            companions: companions, bridges: [], pools: pools, holder: vm.map { "VM \($0)" }, vm: vm,
            hostUses: hostUses, binding: nil, verdict: hostUses.isEmpty ? .free : .critical)
    }

    static let devices = [
        device(
            "00:14.0", "Intel USB 3.1 xHCI", group: 1, numa: nil, driver: "xhci_hcd", .blocked,
            reason: "Shares group 1 with 00:17.0, which the host needs.", companions: ["0000:00:17.0"]),
        device(
            "00:17.0", "Intel SATA AHCI", group: 1, numa: nil, driver: "ahci", .host, reason: "Root file system.",
            companions: ["0000:00:14.0"],
            hostUses: [
                .init(
                    reason: "mount", severity: "critical", chain: ["/", "sda1", "sda", "0000:00:17.0"],
                    sentence: "root file system: / → sda1 → sda → 0000:00:17.0")
            ]),
        device(
            "41:00.0", "NVIDIA A100 80GB PCIe", group: 15, driver: "vfio-pci", .attached, pools: ["a100"],
            vm: "trainer-01"),
        device(
            "42:00.0", "NVIDIA A100 80GB PCIe", group: 16, driver: "nvidia", .free, reason: "In a pool; nobody has it.",
            pools: ["a100"]),
        device(
            "c1:00.0", "NVIDIA RTX 4000 Ada", group: 31, numa: 1, driver: "nvidia", .free, reason: "In no pool.",
            companions: ["0000:c1:00.1"]),
        device(
            "c1:00.1", "NVIDIA AD104 High Definition Audio", group: 31, numa: 1, driver: nil, .free,
            reason: "In no pool.", companions: ["0000:c1:00.0"]),
    ]

    static let groups = [1, 15, 16, 31].map { number in
        API.Group(
            host: "atlas", number: number, domainType: "DMA-FQ", members: devices.filter { $0.iommuGroup == number },
            isolation: number == 1
                ? .init(
                    verdict: "not-isolated", reasons: ["The kernel was told to ignore missing access control."],
                    causes: ["0000:00:1c.0 lacks source validation and request redirect"])
                : .init(verdict: "isolated", reasons: ["Every port above keeps its devices apart."], causes: []),
            reservedRegions: number == 1
                ? [.init(start: "0x000000008a800000", end: "0x000000008affffff", kind: "direct")] : [])
    }

    static let hosts = [
        API.Host(
            name: "atlas", kernel: "6.1.0-18-amd64", distribution: "Debian GNU/Linux 12 (bookworm)", cpuCount: 64,
            memoryMiB: 524_288, numaNodes: [0, 1],
            readiness: .init(iommu: .active, vfioLoaded: false, vfioAvailable: true, isReady: true), findings: [],
            agent: .init(isConnected: true, lastSeenAt: now - 1000, version: "0.1.0"), settings: .init(),
            deviceCounts: devices.countsByState, inventoryDigest: "9c1e000000000000", inventoryAt: now - 4000,
            revision: 7)
    ]

    static let pools = [
        API.Pool(
            name: "a100", kind: .pci, description: "Big GPUs", deviceClass: .gpu, preparation: .onDemand,
            rules: [
                .init(
                    name: "cards", host: "atlas",
                    conditions: [
                        .init(field: "vendor", comparison: "=", value: "10de"),
                        .init(field: "name", comparison: "*=", value: "A100 80GB"),
                    ])
            ],
            devices: devices.filter { $0.pools == ["a100"] },
            deviceCounts: ["free": 1, "attached": 1], vms: ["trainer-01"], findings: [], revision: 5)
    ]

    static let vms = [
        API.VM(
            name: "trainer-01", host: "atlas", origin: "managed", state: .running, vcpus: 8, memoryMiB: 16_384,
            requests: [.init(name: "a100-1", pool: "a100", device: nil, count: 1)],
            now: [
                .init(
                    device: "atlas/0000:41:00.0", name: "NVIDIA A100 80GB PCIe", request: "a100-1", pool: "a100",
                    isCompanion: false)
            ],
            atNextStart: ["any free device of pool a100"], isRestartPending: false, restartCommand: nil,
            claim: "c-1", plan: nil, findings: [], revision: 6),
        API.VM(
            name: "trainer-02", host: "atlas", origin: "adopted", state: .shutOff, vcpus: nil, memoryMiB: nil,
            requests: [], now: [], atNextStart: [], isRestartPending: false, restartCommand: nil, claim: nil, plan: nil,
            findings: [], revision: 6),
    ]

    static let steps = [
        ("unbind", "42:00.0", "from nvidia"), ("override", "42:00.0", "(none) → vfio-pci"),
        ("probe", "42:00.0", "→ vfio-pci"), ("start", "trainer-02", ""),
    ]

    /// A plan at some point of its life; `statuses` are those of its steps in order.
    static func plan(
        _ phase: String = "planned", _ statuses: [String] = [], id: String = "p-8a02", canBeUndone: Bool = true,
        problem: Problem? = nil, left: [Int] = []
    ) -> API.Plan {
        let steps = steps.enumerated().map { index, step in
            let status = index < statuses.count ? statuses[index] : "waiting"
            return API.Step(
                number: index + 1, verb: step.0, object: step.1, remark: step.2, status: status,
                milliseconds: ["done", "undone"].contains(status) ? [812, 4, 95, 2400][index] : nil,
                problem: status == "failed" ? problem.map { API.Problem($0) } : nil)
        }
        return API.Plan(
            id: id, host: "atlas", title: "Start trainer-02 with atlas/42:00.0", phase: phase,
            isOver: ["applied", "rolled-back", "stuck"].contains(phase), canBeUndone: canBeUndone,
            canBeRetried: phase == "rolled-back" ? true : nil, canBeResolved: phase == "stuck" ? true : nil,
            basis: "9c1e000000000000", steps: steps, findings: [], actor: "uid 0", createdAt: now - 90_000,
            endedAt: phase == "applied" ? now - 86_000 : nil, problem: problem.map { API.Problem($0) },
            stepsLeft: left.map { steps[$0] }, undoneBy: nil)
    }

    static let broken = Problem(
        .hypervisorRefused, "The hypervisor did not start \"trainer-02\".",
        next: ["Read its log on the host."], cause: "cannot lock guest memory")

    static let plans: [API.Plan] = {
        var applied = plan("applied", ["done", "done", "done", "done"])
        applied.devices = ["atlas/0000:42:00.0"]
        return [applied, plan("stuck", ["done", "failed"], id: "p-7c11", problem: broken, left: [0])]
    }()

    static let events = [
        API.Event(
            id: 12, kind: "plan.applied", subject: "plan p-8a02",
            sentence: "Plan p-8a02 was applied: atlas/42:00.0 is in trainer-02.", actor: "uid 0", at: now - 86_000),
        API.Event(
            id: 9, kind: "pool.created", subject: "pool a100", sentence: "Pool a100 was created.", actor: "uid 0",
            at: now - 7_200_000),
    ]
}

extension Fleet {
    /// What the doctor says of a host without interrupt remapping.
    static func examination(of host: String) -> API.DoctorReport {
        API.DoctorReport(
            host: host, system: ["Debian GNU/Linux 12", "kernel 6.1.0", "libvirt 9.0.0", "QEMU 7.2.0"],
            headline: "Not ready: interrupt remapping is off.", next: ["Turn it on in the firmware."],
            verdict: .failure, lendable: 2, devices: 7,
            checks: [
                API.DoctorCheck(
                    code: "interrupt-remapping", title: "Interrupt remapping", verdict: .failure,
                    reason: "Interrupt remapping is off.", evidence: ["no chip begins with IR-"],
                    fix: ["Turn it on in the firmware.", "Reboot \(host), then check again:  patchbay doctor"]),
                API.DoctorCheck(
                    code: "narrow-link", title: "PCI Express links", verdict: .warning,
                    reason: "A link runs with fewer lanes than both ends support.",
                    evidence: ["0000:41:00.0 A100: x8 where x16 is possible"], fix: []),
                API.DoctorCheck(
                    code: "iommu", title: "IOMMU", verdict: .pass, reason: "Intel VT-d is on, with 61 groups.",
                    evidence: ["firmware tables: DMAR"], fix: []),
            ])
    }
}
