import PatchbayAPI
import PatchbayCore

/// Is the host ready, what is in it, and what goes together.
struct HostPage: Sendable, Hashable {
    let id: String
    let name: String
    let readiness: ReadinessMark
    let system: String
    let size: String
    let agent: String
    let isConnected: Bool
    let checks: [Check]
    let headline: String
    let steps: [String]
    let doctor: [DoctorLine]
    /// Checks that are well, folded.
    let passed: [DoctorLine]
    let passedTitle: String
    let hasPassed: Bool
    let findings: [FindingNote]
    let kinds: [KindCount]
    let nodes: [TopologyNode]
    let hasTopology: Bool
    let groups: [GroupRow]
    let groupsTitle: String
    /// A long table is folded, so that what is below it is found.
    let groupsAreOpen: Bool
    let cards: [StoryCard]
    let hasCards: Bool
    let usb: [USBRow]
    let hasUSB: Bool
    let mediated: [MediatedRow]
    let hasMediated: Bool
    let vms: [Anchor]
    /// The lists of its devices, a kind each.
    let lists: [Anchor]
    let inventory: Moment?
    let drainedHref: String
    let goneHref: String
    let refreshAction: String
    let base: String
    let canRemove: Bool
    let canAccept: Bool
    let needsReboot: Bool
    let fragment: String

    init(
        _ host: API.Host, devices: [API.Device], survey: API.Survey, report: API.DoctorReport, groups: [API.Group],
        vms: [API.VM], now: Int
    ) {
        self.id = "host-\(API.Device.elementID(of: host.name))"
        self.name = host.name
        self.readiness = ReadinessMark(host)
        self.system = Self.system(of: host)
        self.size = Self.size(of: host)
        self.agent = Self.agent(of: host, now: now)
        self.isConnected = host.agent.isConnected
        self.checks = Check.checks(of: host, report)
        self.headline = report.headline
        self.steps = report.next
        let lines = report.checks.map(DoctorLine.init)
        self.doctor = lines.filter { $0.word != "well" }
        self.passed = lines.filter { $0.word == "well" }
        self.passedTitle = passed.count == 1 ? "1 check passed" : "\(passed.count) checks passed"
        self.hasPassed = !passed.isEmpty
        self.findings = host.findings.map(FindingNote.init)
        self.kinds = KindCount.counts(of: devices, filter: "host=\(host.name)")
        let functions = devices.filter { $0.kind == .pci }
        self.nodes = TopologyNode.nodes(of: functions, survey: survey, host: host.name)
        self.hasTopology = !functions.isEmpty
        self.groups = groups.map(GroupRow.init)
        let shared = groups.count { group in group.members.count { !$0.isBridge } > 1 }
        self.groupsTitle = "\(groups.count) group\(groups.count == 1 ? "" : "s"), \(shared) with several devices"
        self.groupsAreOpen = groups.count <= 40
        self.cards = StoryCard.cards(of: HostStory.make(survey)).filter { $0.title != "NUMA" }
        self.hasCards = !cards.isEmpty
        self.usb = survey.usb.filter { $0.kind == "device" }.map(USBRow.init)
        self.hasUSB = !usb.isEmpty
        self.mediated = survey.mediatedParents.map(MediatedRow.init)
        self.hasMediated = !mediated.isEmpty
        self.vms = vms.filter { $0.host == host.name }.map { Anchor(text: $0.name, href: Link.vm($0.name)) }
        self.lists = DeviceKind.allCases.map { kind in
            Anchor(text: "\(kind.label) devices", href: Link.devices(kind: kind, host: host.name))
        }
        self.inventory = host.inventoryAt.map { Moment($0, now: now) }
        self.drainedHref = Link.whatIf(.drain, host.name)
        self.goneHref = Link.whatIf(.hostGone, host.name)
        self.refreshAction = Link.host(host.name) + "/refresh"
        self.base = Link.host(host.name)
        self.canRemove = !host.agent.isConnected
        self.canAccept = canRemove && host.findings.contains { $0.code == "other-agent" }
        self.needsReboot = host.readiness.iommu != .active
        self.fragment = "/fragments" + Link.host(host.name)
    }

    static func system(of host: API.Host) -> String {
        [host.distribution, host.kernel.map { "kernel \($0)" }].compactMap { $0 }.joined(separator: " · ")
    }

    static func size(of host: API.Host) -> String {
        [host.cpuCount.map { "\($0) CPUs" }, host.memoryMiB.map { SizeWords.mebibytes($0) }].compactMap { $0 }
            .joined(separator: " · ")
    }

    static func agent(of host: API.Host, now: Int) -> String {
        guard let seen = host.agent.lastSeenAt else { return "agent never seen" }
        return host.agent.isConnected ? "agent here" : "agent offline, last seen \(Moment(seen, now: now).ago)"
    }
}
