import PatchbayAPI
import PatchbayCore

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
