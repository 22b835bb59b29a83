import PatchbayAPI
import PatchbayCore

/// All hosts and whether they are ready.
struct HostListPage: Sendable, Hashable {
    let rows: [HostRow]
    let isEmpty: Bool

    init(_ hosts: [API.Host], devices: [API.Device], now: Int) {
        let byHost = Dictionary(grouping: devices.filter { !$0.isBridge }, by: \.host)
        self.rows = hosts.map { HostRow($0, devices: byHost[$0.name] ?? [], now: now) }
        self.isEmpty = hosts.isEmpty
    }
}

struct HostRow: Sendable, Hashable {
    let id: String
    let name: String
    let href: String
    let isReady: Bool
    let readiness: String
    let system: String
    let size: String
    let agent: String
    let isConnected: Bool
    let counts: [StateCount]
    let findings: [FindingNote]

    init(_ host: API.Host, devices: [API.Device], now: Int) {
        self.id = "host-\(API.Device.elementID(of: host.name))"
        self.name = host.name
        self.href = Link.host(host.name)
        self.isReady = host.readiness.isReady
        self.readiness = Rack.readiness(of: host)
        self.system = HostPage.system(of: host)
        self.size = HostPage.size(of: host)
        self.agent = HostPage.agent(of: host, now: now)
        self.isConnected = host.agent.isConnected
        self.counts = StateCount.counts(of: devices, filter: "host=\(host.name)")
        self.findings = host.findings.filter { $0.severity > .note }.map(FindingNote.init)
    }
}

/// Is the host ready, what is in it, and what goes together.
struct HostPage: Sendable, Hashable {
    let id: String
    let name: String
    let isReady: Bool
    let readiness: String
    let system: String
    let size: String
    let agent: String
    let isConnected: Bool
    let checks: [Check]
    let findings: [FindingNote]
    let counts: [StateCount]
    let nodes: [TopologyNode]
    let hasTopology: Bool
    let groups: [GroupRow]
    let vms: [Anchor]
    let devicesHref: String
    let inventory: Moment?
    let refreshAction: String
    let needsReboot: Bool
    let fragment: String

    init(_ host: API.Host, devices: [API.Device], groups: [API.Group], vms: [API.VM], now: Int) {
        self.id = "host-\(API.Device.elementID(of: host.name))"
        self.name = host.name
        self.isReady = host.readiness.isReady
        self.readiness = Rack.readiness(of: host)
        self.system = Self.system(of: host)
        self.size = Self.size(of: host)
        self.agent = Self.agent(of: host, now: now)
        self.isConnected = host.agent.isConnected
        self.checks = Check.checks(of: host)
        self.findings = host.findings.map(FindingNote.init)
        self.counts = StateCount.counts(of: devices.filter { !$0.isBridge }, filter: "host=\(host.name)")
        self.nodes = TopologyNode.nodes(of: devices)
        self.hasTopology = !devices.isEmpty
        self.groups = groups.map(GroupRow.init)
        self.vms = vms.filter { $0.host == host.name }.map { Anchor(text: $0.name, href: Link.vm($0.name)) }
        self.devicesHref = "/devices?host=\(Percent.encode(host.name))"
        self.inventory = host.inventoryAt.map { Moment($0, now: now) }
        self.refreshAction = Link.host(host.name) + "/refresh"
        self.needsReboot = host.readiness.iommu != .active
        self.fragment = "/fragments" + Link.host(host.name)
    }

    static func system(of host: API.Host) -> String {
        [host.distribution, host.kernel.map { "kernel \($0)" }].compactMap { $0 }.joined(separator: " · ")
    }

    static func size(of host: API.Host) -> String {
        [host.cpuCount.map { "\($0) CPUs" }, host.memoryMiB.map { ByteCount.words(mebibytes: $0) }].compactMap { $0 }
            .joined(separator: " · ")
    }

    static func agent(of host: API.Host, now: Int) -> String {
        guard let seen = host.agent.lastSeenAt else { return "agent never seen" }
        return host.agent.isConnected ? "agent here" : "agent away, last seen \(Moment(seen, now: now).ago)"
    }
}

/// One line of the readiness of a host.
struct Check: Sendable, Hashable {
    let mark: String
    let css: String
    let name: String
    let sentence: String

    static func checks(of host: API.Host) -> [Check] {
        let iommu: (Bool, String) =
            switch host.readiness.iommu {
            case .active: (true, "on")
            case .offInFirmware:
                (false, "off in the firmware, or the board has none: turn on VT-d or AMD-Vi, then reboot")
            case .offInKernel:
                (false, "off in the kernel: add intel_iommu=on or iommu=pt to the command line, then reboot")
            case .emptyGroups: (false, "on, but without groups: the kernel log says why")
            }
        let vfio: (Bool, String) =
            host.readiness.vfioLoaded
            ? (true, "vfio-pci loaded")
            : host.readiness.vfioAvailable == false
                ? (false, "vfio-pci is not there: install the kernel's module package")
                : (true, "vfio-pci loaded on demand")
        let agent: (Bool, String) = host.agent.isConnected ? (true, "connected") : (false, "away: start it on the host")
        return [("IOMMU", iommu), ("VFIO", vfio), ("Agent", agent)].map { name, verdict in
            Check(
                mark: verdict.0 ? "✓" : "✕", css: verdict.0 ? "good" : "bad", name: name, sentence: verdict.1)
        }
    }
}

/// The devices near one NUMA node, by the bridge they hang from.
struct TopologyNode: Sendable, Hashable {
    let title: String
    let branches: [Branch]

    struct Branch: Sendable, Hashable {
        let root: String
        let chips: [Chip]
    }

    struct Chip: Sendable, Hashable {
        let address: String
        let name: String
        let mark: StateMark
        /// `g15`; empty without a group.
        let group: String
        let groupTitle: String
        let href: String
    }

    static func nodes(of devices: [API.Device]) -> [TopologyNode] {
        let byNode = Dictionary(grouping: devices.filter { !$0.isBridge }, by: \.numaNode)
        return byNode.keys.sorted { ($0 ?? .max) < ($1 ?? .max) }.map { node in
            TopologyNode(title: node.map { "NUMA \($0)" } ?? "No NUMA node", branches: branches(of: byNode[node] ?? []))
        }
    }

    private static func branches(of devices: [API.Device]) -> [Branch] {
        let byRoot = Dictionary(grouping: devices) { root(of: $0.topologyPath) }
        return byRoot.keys.sorted().map { root in
            Branch(
                root: root,
                chips: (byRoot[root] ?? []).map {
                    Chip(
                        address: $0.shortAddress, name: $0.briefName, mark: StateMark($0.state),
                        group: $0.iommuGroup.map { "g\($0)" } ?? "",
                        groupTitle: $0.iommuGroup.map { "IOMMU group \($0)" } ?? "no IOMMU group",
                        href: Link.device($0))
                })
        }
    }

    /// The root port, `00:02.0` of `pci0000:00/02.0/00.0`; the root bus for devices directly on it.
    private static func root(of path: String) -> String {
        let parts = path.split(separator: "/")
        guard let bus = parts.first else { return "–" }
        let name = bus.hasPrefix("pci0000:") ? bus.dropFirst(8) : bus.dropFirst(bus.hasPrefix("pci") ? 3 : 0)
        return parts.count > 2 ? "\(name):\(parts[1])" : "\(name)"
    }
}

/// An IOMMU group in a list.
struct GroupRow: Sendable, Hashable {
    let number: String
    let domainType: String
    let members: [DeviceRow]
    let verdict: String

    init(_ group: API.Group) {
        self.number = String(group.number)
        self.domainType = group.domainType ?? "–"
        self.members = group.members.map { DeviceRow($0) }
        let devices = group.members.filter { !$0.isBridge }
        self.verdict =
            switch devices.count {
            case 0: "bridges only"
            case 1: "alone"
            default: "\(devices.count) go together"
            }
    }
}
