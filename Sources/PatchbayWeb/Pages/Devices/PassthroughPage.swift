import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

extension PageMaker {
    func passthrough(_ visit: Visit) async throws(Problem) -> Page {
        try await passthroughPage(names: visit.query.all("device"), typed: visit.query, problem: nil)
    }

    func makePassthrough(_ visit: Visit, _ fields: FormFields) async throws(Problem) -> FormAnswer {
        let names = fields.all("device")
        let request: API.PassthroughRequest
        do throws(Problem) {
            request = try Self.passthroughRequest(of: fields)
        } catch {
            return .page(try await passthroughPage(names: names, typed: fields, problem: error))
        }
        let service = service
        let maker = self
        return .change(
            Mutation(
                title:
                    "Make passthrough: \(names.count == 1 ? names[0] : "\(names.count) devices") into \(request.pool)",
                back: "/passthrough?\(FormFields(names.map { .init(name: "device", value: $0) }).encoded)",
                done: Link.pool(request.pool),
                command: ShellLine(request).text,
                hint: "Rules were made for the devices; they are listed below and can be edited.",
                verb: "Make passthrough",
                run: { dryRun async throws(Problem) in try await service.makePassthrough(request, dryRun: dryRun) },
                form: { problem async throws(Problem) in
                    try await maker.passthroughPage(names: names, typed: fields, problem: problem)
                }))
    }

    private static func passthroughRequest(of fields: FormFields) throws(Problem) -> API.PassthroughRequest {
        let names = fields.all("device")
        guard !names.isEmpty else {
            throw Problem(
                .malformedInput, "No device is selected.", next: ["Select devices in the list, then Make Passthrough."])
        }
        guard fields["acknowledged"] != nil else {
            throw Problem(
                .malformedInput, "The consequences for the host were not confirmed.",
                next: ["Read the notes, then tick \"I have read this\"."])
        }
        if let pool = fields["existing"] { return API.PassthroughRequest(devices: names, pool: pool) }
        let name = try fields.required("pool", "The name of the pool")
        return API.PassthroughRequest(devices: names, pool: name, create: try PoolForm.draft(of: fields))
    }

    private func passthroughPage(names: [String], typed: FormFields, problem: Problem?) async throws(Problem) -> Page {
        var devices: [API.Device] = []
        for name in names { devices.append(try await service.device(name)) }
        let pools = try await service.pools()
        let preview = names.isEmpty ? nil : await handOver(names, pools: pools)
        var refusals: [String: Problem] = [:]
        if case .failure = preview, devices.count > 1 {
            for device in devices {
                if case .failure(let problem) = await handOver([device.id], pools: pools) {
                    refusals[device.id] = problem
                }
            }
        }
        let model = PassthroughPage(
            devices: devices, hosts: try await service.hosts(), pools: pools, preview: preview, refusals: refusals,
            typed: typed, problem: problem)
        return Page(
            title: "Make passthrough", section: .devices, template: "page-passthrough", model: model,
            problem: problem)
    }

    /// What would happen, before a pool is chosen: companions and refusals do not depend on which one it is.
    func handOver(_ names: [String], pools: [API.Pool]) async -> Result<API.Change, Problem> {
        let taken = Set(pools.map(\.name))
        let name = (1...).lazy.map { "new-pool-\($0)" }.first { !taken.contains($0) } ?? "new-pool"
        let request = API.PassthroughRequest(devices: names, pool: name, create: API.PoolDraft(name: name))
        do throws(Problem) {
            return .success(try await service.makePassthrough(request, dryRun: true))
        } catch {
            return .failure(error)
        }
    }
}

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

struct SelectedDevice: Sendable, Hashable {
    let device: String
    let shortID: String
    let href: String
    let name: String
    let mark: StateMark
    let group: String
    let reason: String
    let along: String
    /// Whether a driver has to let go, and whether the host has to reboot.
    let handover: String
    /// Why it is refused by itself; empty: it is not, or nobody asked.
    let refusal: String

    /// - Parameter reboot: its host must reboot first.
    init(_ device: API.Device, reboot: Bool, refusal: Problem? = nil) {
        self.device = device.id
        self.shortID = device.shortID
        self.href = Link.device(device)
        self.name = device.briefName
        self.mark = StateMark(device.state)
        self.group = device.groupText
        self.reason = device.reason
        self.along = device.companions.isEmpty ? "nothing" : device.companions.joined(separator: ", ")
        self.refusal = refusal?.detail ?? ""
        let letting =
            switch device.driver {
            case nil, PCIFunction.vfioDriver?: "no driver has to be unbound"
            case let drivers?:
                "\(drivers.replacing(",", with: ", ")) \(drivers.contains(",") ? "let" : "lets") go of it"
            }
        let rest = device.kind.needsIOMMU ? reboot ? ", host must reboot first" : ", no reboot" : ""
        self.handover = device.state == .free ? letting + rest : "cannot be lent in its present state"
    }
}
