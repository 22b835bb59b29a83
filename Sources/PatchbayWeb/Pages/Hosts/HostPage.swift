import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

extension PageMaker {
    func hostList(_ visit: Visit) async throws(Problem) -> Page {
        let model = HostListPage(
            try await service.hosts(), devices: try await devices(), now: visit.now)
        return Page(title: "Hosts", section: .hosts, template: "page-hosts", model: model)
    }

    func host(_ visit: Visit, name: String) async throws(Problem) -> Page {
        let host = try await service.host(name)
        let model = HostPage(
            host, devices: try await devices(of: host.name),
            survey: try await service.survey(host: host.name),
            report: try await service.examineHost(host.name), groups: try await service.groups(host: host.name),
            vms: try await service.vms(), now: visit.now)
        return Page(title: host.name, section: .hosts, template: "page-host", model: model)
    }

    func refresh(_ visit: Visit, _ fields: FormFields, name: String) async throws(Problem) -> FormAnswer {
        let host = try await service.refreshHost(name)
        return .done(message: "\(host.name) was read again.", goTo: Link.host(host.name))
    }

    func removeHost(_ visit: Visit, _ fields: FormFields, name: String) async throws(Problem) -> FormAnswer {
        let service = service
        return .change(
            Mutation(
                title: "Remove host \(name)", back: Link.host(name), done: "/hosts",
                command: ShellLine("host", "remove", name).text,
                run: { dryRun async throws(Problem) in try await service.removeHost(name, dryRun: dryRun) }))
    }

    func acceptHost(_ visit: Visit, _ fields: FormFields, name: String) async throws(Problem) -> FormAnswer {
        let service = service
        return .change(
            Mutation(
                title: "Accept the other agent as \(name)", back: Link.host(name), done: Link.host(name),
                command: ShellLine("host", "accept", name).text,
                run: { dryRun async throws(Problem) in try await service.acceptHost(name, dryRun: dryRun) }))
    }
}

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

/// One line of the readiness of a host: what the doctor says of it, and whether its agent is heard.
struct Check: Sendable, Hashable {
    let mark: String
    let css: String
    let name: String
    let sentence: String

    /// What is needed before anything else, in that order.
    private static let needed = ["cpu-virtualization", "iommu", "interrupt-remapping", "vfio"]

    static func checks(of host: API.Host, _ report: API.DoctorReport) -> [Check] {
        let found = needed.compactMap { code in report.checks.first { $0.code == code } }.map(Check.init)
        let agent =
            host.agent.isConnected
            ? Check(mark: "✓", css: "good", name: "Agent", sentence: "connected")
            : Check(mark: "✕", css: "bad", name: "Agent", sentence: "offline: start it on the host")
        return found + [agent]
    }

    private init(mark: String, css: String, name: String, sentence: String) {
        (self.mark, self.css, self.name, self.sentence) = (mark, css, name, sentence)
    }

    private init(_ check: API.DoctorCheck) {
        let line = DoctorLine(check)
        (mark, css, name, sentence) = (line.mark, line.css, line.title, line.reason)
    }
}

/// One check of the doctor: what was looked at, the verdict, and what to do.
struct DoctorLine: Sendable, Hashable {
    let mark: String
    let css: String
    let word: String
    let title: String
    let reason: String
    let evidence: [String]
    /// All steps as one text to be copied; empty: nothing to do.
    let fix: String
    /// What is not well stands open.
    let isOpen: Bool

    init(_ check: API.DoctorCheck) {
        title = check.title
        reason = check.reason
        evidence = check.evidence
        fix = check.fix.joined(separator: "\n")
        isOpen = check.verdict >= .warning
        switch check.verdict {
        case .pass: (mark, css, word) = ("✓", "good", "well")
        case .note: (mark, css, word) = ("·", "quiet", "note")
        case .unknown: (mark, css, word) = ("?", "attention", "unknown")
        case .warning: (mark, css, word) = ("!", "attention", "warning")
        case .failure: (mark, css, word) = ("✕", "bad", "problem")
        }
    }
}

/// An IOMMU group in a list.
struct GroupRow: Sendable, Hashable {
    let number: String
    let domainType: String
    let members: [DeviceRow]
    let verdict: String
    /// isolated, not isolated, unknown; empty when nobody looked.
    let isolation: String
    let isolationCSS: String
    let reasons: [String]
    let causes: [String]
    let regions: [String]

    init(_ group: API.Group) {
        self.number = String(group.number)
        self.domainType = group.domainType ?? "–"
        self.members = group.members.map { DeviceRow($0) }
        self.verdict =
            switch group.membersToLend.count {
            case 0: "bridges only"
            case 1: "alone"
            case let count: "\(count) lent together"
            }
        self.isolation = group.isolationWords ?? ""
        self.isolationCSS =
            switch group.isolation.flatMap({ GroupIsolation.Verdict(rawValue: $0.verdict) }) {
            case .isolated where !group.membersOfHost.isEmpty: "attention"
            case .isolated: "good"
            case .notIsolated: "bad"
            case .unknown: "attention"
            case nil: "quiet"
            }
        self.reasons = group.isolation?.reasons ?? []
        self.causes = group.isolation?.causes ?? []
        self.regions = (group.reservedRegions ?? []).filter { $0.kind == "direct" }.map {
            "Reserved memory (RMRR) \($0.start) to \($0.end): the kernel will refuse to hand the group over."
        }
    }
}

/// A function that can be cut into mediated devices or vGPUs.
struct MediatedRow: Sendable, Hashable {
    let address: String
    let href: String
    let kind: String
    let current: String
    let types: [String]
    let typesTitle: String

    init(_ parent: API.MediatedParent) {
        address = parent.device.split(separator: "/").last.map(String.init) ?? parent.device
        href = Link.device(id: parent.device)
        kind = parent.kind == "mdev" ? "mediated devices" : "vGPU types"
        current = parent.currentType ?? "none"
        types = parent.types.map(\.words)
        typesTitle = types.count == 1 ? "1 type" : "\(types.count) types"
    }
}
