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
    let pools: [Choice]
    let hasPools: Bool
    let makesNew: Bool
    let form: PoolForm
    let isAcknowledged: Bool
    let problem: ProblemNote?
    let count: String
    let rebootHosts: [String]

    /// - Parameters:
    ///   - preview: the dry run for these devices; the problem when it was refused.
    init(
        devices: [API.Device], hosts: [API.Host], pools: [API.Pool], preview: Result<API.Change, Problem>?,
        typed: FormFields = FormFields(), problem: Problem? = nil
    ) {
        self.devices = devices.map { device in
            SelectedDevice(device, reboot: hosts.first { $0.name == device.host }?.readiness.iommu != .active)
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
        let chosen = typed.raw("existing")
        self.pools = pools.map { Choice($0.name, "\($0.name) · \($0.devices.count) devices", selected: chosen) }
        self.hasPools = !pools.isEmpty
        self.makesNew = pools.isEmpty || chosen == "" || (chosen == nil && typed.raw("pool") != nil)
        self.form = PoolForm(typed: typed)
        self.isAcknowledged = typed.raw("acknowledged") != nil
        self.problem = problem.map { ProblemNote($0) }
        self.count = devices.count == 1 ? "1 device" : "\(devices.count) devices"
        self.rebootHosts = hosts.filter { host in
            host.readiness.iommu != .active && devices.contains { $0.host == host.name }
        }.map(\.name)
    }
}
