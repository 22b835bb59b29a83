import PatchbayAPI
import PatchbayCore

/// "Make passthrough" for the devices that were selected: what goes along, what speaks against it, and into which pool.
struct PassthroughPage: Sendable, Hashable {
    let devices: [SelectedDevice]
    let isEmpty: Bool
    let findings: [FindingNote]
    let refusal: ProblemNote?
    /// Nobody may go on in spite of what speaks against it.
    let isForbidden: Bool
    /// The same devices in the list, still selected.
    let chooseHref: String
    /// The same page for those that nothing speaks against; nil: there are none, or all are.
    let withoutRefused: Anchor?
    let pools: [Choice]
    let hasPools: Bool
    let form: PoolForm
    let isAcknowledged: Bool
    let problem: ProblemNote?
    let count: String
    let rebootHosts: [String]

    /// - Parameters:
    ///   - preview: the dry run for these devices; the problem when it was refused.
    ///   - refusals: those of several devices that are refused by themselves.
    init(
        devices: [API.Device], hosts: [API.Host], pools: [API.Pool], preview: Result<API.Change, Problem>?,
        refusals: [String: Problem] = [:], typed: FormFields = FormFields(), problem: Problem? = nil
    ) {
        let kind = devices.first?.kind ?? .pci
        self.devices = devices.map { device in
            SelectedDevice(
                device, reboot: hosts.first { $0.name == device.host }?.readiness.iommu != .active,
                refusal: refusals[device.id])
        }
        self.isEmpty = devices.isEmpty
        switch preview {
        case .success(let change):
            (self.findings, self.refusal, self.isForbidden) = (change.findings.map(FindingNote.init), nil, false)
        case .failure(let problem):
            (self.findings, self.refusal, self.isForbidden) = ([], ProblemNote(problem), !problem.code.canBeAllowed)
        case nil:
            (self.findings, self.refusal, self.isForbidden) = ([], nil, false)
        }
        self.chooseHref = DeviceListPage.Query(kind: kind, selected: devices.map(\.id)).link()
        let others = devices.map(\.id).filter { refusals[$0] == nil }
        self.withoutRefused =
            refusals.isEmpty || others.isEmpty
            ? nil
            : Anchor(
                text: "Continue without \(refusals.count == 1 ? "it" : "these \(refusals.count)")",
                href: "/passthrough?\(FormFields(others.map { .init(name: "device", value: $0) }).encoded)")
        let chosen = typed.raw("existing")
        let fitting = pools.filter { $0.kind == kind }
        self.pools = fitting.map { pool in
            let count = pool.devices.count
            return Choice(pool.name, "\(pool.name) · \(count) device\(count == 1 ? "" : "s")", selected: chosen)
        }
        self.hasPools = !fitting.isEmpty
        self.form = PoolForm(of: kind, typed: typed)
        self.isAcknowledged = typed.raw("acknowledged") != nil
        self.problem = problem.map { ProblemNote($0) }
        self.count = devices.count == 1 ? "1 device" : "\(devices.count) devices"
        self.rebootHosts = hosts.filter { host in
            host.readiness.iommu != .active && devices.contains { $0.host == host.name && $0.kind.needsIOMMU }
        }.map(\.name)
    }
}
