import PatchbayAPI
import PatchbayCore

/// A small world with something of everything: free, held, attached, the host's own, blocked; a group of two; functions
/// of a network card; VMs that run, wait and hold nothing.
struct Demo: Sendable {
    /// 2026-11-21 14:02:11 UTC
    static let now = 1_795_269_731_000

    var hosts: [API.Host] = []
    var devices: [API.Device] = []
    var surveys: [String: API.Survey] = [:]
    var pools: [API.Pool] = []
    var vms: [API.VM] = []
    var claims: [API.Claim] = []
    var profiles: [API.Profile] = []
    /// The answer to every question why.
    var explanation = Demo.atlasExplanation
    var plans: [API.Plan] = []
    var events: [API.Event] = []
    /// Of the server itself.
    var findings: [API.Finding] = []

    static let empty = Demo()

    static let atlas: Demo = {
        var demo = Demo()
        demo.hosts = [Wire.host("atlas", findings: [])]
        demo.devices = atlasDevices
        demo.surveys = ["atlas": Wire.survey(.demo("atlas"))]
        demo.pools = atlasPools
        demo.vms = atlasVMs
        demo.claims = atlasClaims
        demo.profiles = atlasProfiles
        demo.plans = DemoPlans.all
        demo.events = DemoPlans.events
        return demo
    }()

    private static var rootDisk: [[String: Any]] {
        [
            [
                "reason": "mount", "severity": "critical", "chain": ["/", "dm-0", "sda3", "sda", "0000:00:17.0"],
                "sentence": "root file system: / → dm-0 → sda3 → sda → 0000:00:17.0",
            ]
        ]
    }

    static let atlasDevices: [API.Device] = [
        Wire.device(
            "atlas", "0000:41:00.0", "GA100 [A100 PCIe 80GB]", group: 15, numa: 0, driver: "vfio-pci", .attached,
            "In trainer-01.", vm: "trainer-01", pools: ["a100"],
            binding: ["originalDriver": "nvidia", "plan": "p-7f31"]),
        Wire.device(
            "atlas", "0000:42:00.0", "GA100 [A100 PCIe 80GB]", group: 16, numa: 0, driver: "nvidia", .free,
            "Nobody holds it, and pool a100 matches it.", pools: ["a100"], path: "pci0000:40/01.1/00.0"),
        Wire.device(
            "atlas", "0000:00:14.0", "Cannon Lake PCH USB 3.1 xHCI Host Controller", vendor: "Intel Corporation",
            ids: "8086:a36d", classCode: "0c0330", className: "USB controller", group: 1, numa: 0,
            driver: "xhci_hcd", .blocked, "Shares group 1 with 00:17.0, which the host needs: root file system.",
            path: "pci0000:00/14.0"),
        Wire.device(
            "atlas", "0000:00:17.0", "Cannon Lake PCH SATA AHCI Controller", vendor: "Intel Corporation",
            ids: "8086:a352", classCode: "010601", className: "SATA controller", group: 1, numa: 0, driver: "ahci",
            .host, "The host's root file system is on it.", uses: rootDisk, path: "pci0000:00/17.0"),
        Wire.device(
            "atlas", "0000:c1:00.0", "AD104GL [RTX 4000 Ada]", ids: "10de:27b2", classCode: "030000",
            className: "VGA compatible controller", group: 31, numa: 1, driver: "vfio-pci", .attached, "In cad-07.",
            vm: "cad-07", pools: ["ada"], companions: ["c1:00.1"], path: "pci0000:c0/01.1/00.0"),
        Wire.device(
            "atlas", "0000:c1:00.1", "AD104 [RTX 4000 Ada audio]", ids: "10de:22bc", classCode: "040300",
            className: "Audio device", group: 31, numa: 1, driver: "vfio-pci", .attached, "In cad-07.", vm: "cad-07",
            companions: ["c1:00.0"], path: "pci0000:c0/01.1/00.1"),
        Wire.device(
            "atlas", "0000:b1:00.0", "Ethernet Controller E810-C for QSFP", vendor: "Intel Corporation",
            ids: "8086:1592", classCode: "020000", className: "Ethernet controller", group: 44, numa: 1,
            driver: "ice", .host, "The default route goes over it.", role: "type-PF",
            uses: [
                [
                    "reason": "default-route", "severity": "critical",
                    "chain": ["default route", "br0", "enp177s0", "0000:b1:00.0"],
                    "sentence": "default route: default route → br0 → enp177s0 → 0000:b1:00.0",
                ]
            ], path: "pci0000:b0/02.0/00.0", totalVFs: 8),
        vf(0, .attached, vm: "router"), vf(1, .allocated, vm: "router"), vf(2, .free, vm: nil),
        Wire.device(
            "atlas", "0000:d1:00.0", "NVMe SSD Controller PM9A1", vendor: "Samsung Electronics", ids: "144d:a80a",
            classCode: "010802", className: "Non-Volatile memory controller", group: 52, numa: nil, driver: "nvme",
            .free, "Nobody holds it, and it is in no pool.", path: "pci0000:d0/03.1/00.0"),
    ]

    private static func vf(_ index: Int, _ state: DeviceState, vm: String?) -> API.Device {
        Wire.device(
            "atlas", "0000:b1:01.\(index)", "E810 Virtual Function", vendor: "Intel Corporation", ids: "8086:1889",
            classCode: "020000", className: "Ethernet controller", group: 45 + index, numa: 1,
            driver: vm == nil ? "iavf" : "vfio-pci", state,
            vm.map { state == .attached ? "In \($0)." : "Held for \($0), not plugged in yet." } ?? "Nobody holds it.",
            vm: vm, pools: ["vfs"], role: "type-VF", parent: "0000:b1:00.0", path: "pci0000:b0/02.0/01.\(index)")
    }

    private static let atlasPools: [API.Pool] = [
        Wire.pool(
            "a100", "GPUs for training",
            rules: [
                API.Rule(
                    name: "atlas-41-00-0", host: "atlas",
                    conditions: [
                        API.Condition(field: "address", comparison: "=", value: "0000:41:00.0"),
                        API.Condition(field: "id", comparison: "=", value: "10de:20b5"),
                    ], madeFrom: "atlas/0000:41:00.0"),
                API.Rule(
                    name: "every-a100",
                    conditions: [
                        API.Condition(field: "vendor", comparison: "=", value: "10de"),
                        API.Condition(field: "name", comparison: "*=", value: "A100"),
                    ]),
                API.Rule(
                    name: "old-cards", isEnabled: false,
                    conditions: [API.Condition(field: "numa", comparison: "<", value: "1")]),
            ], devices: atlasDevices.filter { $0.pools.contains("a100") }, vms: ["trainer-01"]),
        Wire.pool(
            "ada", "Workstation cards", rules: [],
            devices: atlasDevices.filter { $0.pools.contains("ada") }, vms: ["cad-07"]),
        Wire.pool(
            "vfs", "", deviceClass: "network", preparation: "eager", rules: [],
            devices: atlasDevices.filter { $0.pools.contains("vfs") }, vms: ["router"]),
    ]

    private static let atlasVMs: [API.VM] = [
        Wire.vm(
            "build-3", state: "shut-off"),
        Wire.vm(
            "cad-07", requests: [["name": "ada-1", "pool": "ada", "count": 1]],
            now: [
                Wire.held("atlas/0000:c1:00.0", "RTX 4000 Ada", request: "ada-1", pool: "ada"),
                Wire.held("atlas/0000:c1:00.1", "RTX 4000 Ada audio", request: "ada-1", pool: "ada", companion: true),
            ], next: ["1 × any of pool ada"], origin: "adopted"),
        Wire.vm(
            "router", requests: [["name": "vfs-1", "pool": "vfs", "count": 2]],
            now: [Wire.held("atlas/0000:b1:01.0", "E810 Virtual Function", request: "vfs-1", pool: "vfs")],
            next: ["2 × any of pool vfs"]),
        Wire.vm(
            "trainer-01",
            requests: [
                ["name": "a100-1", "pool": "a100", "count": 1], ["name": "a100-2", "pool": "a100", "count": 1],
            ],
            now: [Wire.held("atlas/0000:41:00.0", "A100 PCIe 80GB", request: "a100-1", pool: "a100")],
            next: ["1 × any of pool a100", "1 × any of pool a100 (added)"], pending: true),
    ]
}
