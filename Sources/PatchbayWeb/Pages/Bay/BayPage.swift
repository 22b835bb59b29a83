import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

extension PageMaker {
    func bay(_ visit: Visit) async throws(Problem) -> Page {
        let status = try await service.status()
        let hosts = status.hosts
        let chosen = visit.query["host"]
        if let chosen, !hosts.contains(where: { $0.name == chosen }) {
            throw Problem(
                .unknownHost, "There is no host \"\(chosen)\".",
                next: ["Choose one of: \(Self.list(hosts.map(\.name)))"])
        }
        let model = BayPage(
            hosts: hosts, devices: try await devices(), vms: try await service.vms(),
            pools: try await poolNames(), findings: status.findings, chosen: chosen, now: visit.now)
        return Page(title: "Bay", section: .bay, template: "page-bay", model: model)
    }

    /// A cable that was dropped on a VM, or the form that does the same. `what` is `pool:NAME` or `device:ID`.
    func connect(_ visit: Visit, _ fields: FormFields) async throws(Problem) -> FormAnswer {
        let vm = try fields.required("vm", "The VM")
        var change = try await attachment(to: vm, fields)
        change.back = "/"
        return .change(change)
    }

    /// A cable that was pulled out.
    func disconnect(_ visit: Visit, _ fields: FormFields) async throws(Problem) -> FormAnswer {
        let vm = try fields.required("vm", "The VM")
        var change = try detachment(from: vm, fields)
        change.back = "/"
        return .change(change)
    }

    static func list(_ names: [String]) -> String { names.isEmpty ? "none yet" : names.joined(separator: ", ") }
}

/// What is plugged where: hosts as racks on the left, VMs as instruments on the right.
struct BayPage: Sendable, Hashable {
    /// More hosts than this, and the Bay opens with an overview.
    static let overviewAbove = 6

    let kinds: [KindCount]
    let alerts: [FindingNote]
    let isOverview: Bool
    let tiles: [RackTile]
    let racks: [Rack]
    let instruments: [Instrument]
    let hasInstruments: Bool
    let hostChoices: [Choice]
    let hasHostChoices: Bool
    let isEmpty: Bool
    let hasCables: Bool
    let connectDevices: [ChoiceGroup]
    let connectVMs: [Choice]
    let canConnect: Bool
    /// Where this part of the page is fetched from again.
    let fragment: String

    /// - Parameters:
    ///   - findings: what there is to know beside hosts.
    ///   - chosen: the one host to show; nil: all, or the overview.
    init(
        hosts: [API.Host], devices all: [API.Device], vms: [API.VM], pools: [String], findings: [API.Finding] = [],
        chosen: String? = nil, now: Int
    ) {
        let devices = all.filter { !$0.isBridge }
        let byHost = Dictionary(grouping: devices, by: \.host)
        let isOverview = chosen == nil && hosts.count > Self.overviewAbove
        let shown = isOverview ? [] : hosts.filter { chosen == nil || $0.name == chosen }
        let shownNames = Set(shown.map(\.name))
        self.isEmpty = hosts.isEmpty
        self.isOverview = isOverview
        self.kinds = KindCount.counts(of: all)
        self.alerts = Self.alerts(of: hosts, and: findings)
        self.tiles = isOverview ? hosts.map { RackTile($0, devices: byHost[$0.name] ?? []) } : []
        self.racks = shown.map { Rack($0, devices: byHost[$0.name] ?? [], now: now) }
        let shownDevices = devices.filter { shownNames.contains($0.host) }
        let shownVMs = vms.filter { shownNames.contains($0.host) }
        self.instruments = Self.inOrder(shownVMs.map { Instrument($0, devices: shownDevices) }, along: shownDevices)
        self.hasInstruments = !instruments.isEmpty
        self.hasCables = shownDevices.contains { $0.vm != nil }
        self.hostChoices = [Choice("", "all hosts")] + hosts.map { Choice($0.name, $0.name, selected: chosen) }
        self.hasHostChoices = hosts.count > 1
        self.connectDevices = Self.connectable(shownDevices, pools: pools)
        self.connectVMs = shownVMs.map { Choice($0.name, $0.name) }
        self.canConnect = !connectVMs.isEmpty && !connectDevices.isEmpty
        self.fragment = chosen.map { "/fragments?host=\(Percent.encode($0))" } ?? "/fragments"
    }

    /// What must not be overlooked: problems, as a banner that stays until they are fixed.
    private static func alerts(of hosts: [API.Host], and findings: [API.Finding]) -> [FindingNote] {
        let ofHosts = hosts.flatMap(\.findings)
        let known = Set(ofHosts)
        return (ofHosts + findings.filter { !known.contains($0) }).filter { $0.severity == .problem }
            .map(FindingNote.init)
    }

    /// By the mean height of their jacks, so that few cables cross; VMs without any come last, by name.
    private static func inOrder(_ instruments: [Instrument], along devices: [API.Device]) -> [Instrument] {
        let height = Dictionary(devices.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        func mean(_ instrument: Instrument) -> Double {
            let heights = instrument.inlets.compactMap { height[$0.device] }
            return heights.isEmpty ? .infinity : Double(heights.reduce(0, +)) / Double(heights.count)
        }
        return instruments.map { ($0, mean($0)) }.sorted { ($0.1, $0.0.name) < ($1.1, $1.0.name) }.map(\.0)
    }

    private static func connectable(_ devices: [API.Device], pools: [String]) -> [ChoiceGroup] {
        let free = devices.filter { $0.state == .free }
            .map { Choice("device:\($0.id)", "\($0.briefName) · \($0.shortID)") }
        return [
            ChoiceGroup(label: "Any of a pool", choices: pools.map { Choice("pool:\($0)", $0) }),
            ChoiceGroup(label: "A free device", choices: free),
        ].filter { !$0.choices.isEmpty }
    }
}

/// A host in the overview of many: one square a device.
struct RackTile: Sendable, Hashable {
    let name: String
    let href: String
    let readiness: ReadinessMark
    let squares: [StateMark]
    let kinds: [KindCount]

    init(_ host: API.Host, devices: [API.Device]) {
        self.name = host.name
        self.href = "/?host=\(Percent.encode(host.name))"
        self.readiness = ReadinessMark(host)
        self.squares = devices.map { StateMark($0.state) }
        self.kinds = KindCount.counts(of: devices, filter: "host=\(host.name)")
    }
}
