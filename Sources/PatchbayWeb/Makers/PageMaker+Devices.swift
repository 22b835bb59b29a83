import PatchbayAPI
import PatchbayCore

extension PageMaker {
    func deviceList(_ visit: Visit) async throws(Problem) -> Page {
        var query = DeviceListPage.Query(
            filter: visit.query["filter"] ?? "", sort: visit.query["sort"] ?? "", host: visit.query["host"] ?? "")
        let all = try await service.devices(API.DeviceQuery(host: query.host.isEmpty ? nil : query.host))
        let alerts = try await service.hosts().flatMap(\.findings)
        let model: DeviceListPage
        var problem: Problem?
        do throws(Problem) {
            query.page = try visit.query.number("page", "The page", in: 0...100_000) ?? 0
            let matching = try await sorted(query, all: all)
            model = DeviceListPage(query, devices: matching, total: all.count, alerts: alerts)
        } catch {
            model = DeviceListPage(query, devices: [], total: all.count, alerts: alerts, problem: error)
            problem = error
        }
        return Page(title: "Devices", section: .devices, template: "page-devices", model: model, problem: problem)
    }

    private func sorted(_ query: DeviceListPage.Query, all: [API.Device]) async throws(Problem) -> [API.Device] {
        let isByUse = query.sort.hasSuffix(DeviceColumn.use.rawValue)
        guard !query.filter.isEmpty || !query.sort.isEmpty else { return all }
        let devices = try await service.devices(
            API.DeviceQuery(
                host: query.host.isEmpty ? nil : query.host, filter: query.filter.isEmpty ? nil : query.filter,
                sort: query.sort.isEmpty || isByUse ? nil : query.sort))
        guard isByUse else { return devices }
        let byUse = devices.sorted { (DeviceRow($0).use, $0.id) < (DeviceRow($1).use, $1.id) }
        return query.sort.hasPrefix("-") ? byUse.reversed() : byUse
    }

    func device(_ visit: Visit, host: String, address: String) async throws(Problem) -> Page {
        let device = try await service.device("\(host)/\(address)")
        var group: API.Group?
        if let number = device.iommuGroup { group = try await service.group(number, host: device.host) }
        let history = DeviceHistory(
            of: device, plans: try await service.plans(host: device.host),
            claims: try await service.claims(API.ClaimQuery()))
        let model = DevicePage(
            device, group: group, vms: try await service.vms(),
            events: try await service.events(limit: 500).filter(history.concerns), refusal: await refusal(of: device),
            now: visit.now)
        return Page(
            title: "\(device.briefName) \(device.shortID)", section: .devices, template: "page-device", model: model)
    }

    /// What the server says to handing it over; nil: it would, or it is in use and nobody would ask.
    private func refusal(of device: API.Device) async -> Problem? {
        switch device.state {
        case .free, .host, .blocked, .quarantined: break
        case .attached, .allocated, .missing: return nil
        }
        guard !device.isBridge else { return nil }
        switch await handOver([device.id], pools: []) {
        case .success: return nil
        case .failure(let problem): return problem
        }
    }

    /// `/devices/open?device=…`: what a jack does without JavaScript.
    func deviceLink(_ visit: Visit) async throws(Problem) -> String {
        Link.device(try await service.device(try visit.query.required("device", "The device")))
    }

    func prepare(_ visit: Visit, _ fields: FormFields, host: String, address: String) async throws(Problem)
        -> FormAnswer
    {
        let device = try await service.device("\(host)/\(address)")
        let service = service
        return change("Prepare \(device.shortID)", device, "prepare") { dryRun async throws(Problem) in
            try await service.prepareDevices([device.id], dryRun: dryRun)
        }
    }

    func release(_ visit: Visit, _ fields: FormFields, host: String, address: String) async throws(Problem)
        -> FormAnswer
    {
        let device = try await service.device("\(host)/\(address)")
        let service = service
        return change("Give \(device.shortID) back", device, "release") { dryRun async throws(Problem) in
            try await service.releaseDevices([device.id], dryRun: dryRun)
        }
    }

    func giveBack(_ visit: Visit, _ fields: FormFields, host: String, address: String) async throws(Problem)
        -> FormAnswer
    {
        let device = try await service.device("\(host)/\(address)")
        let service = service
        let caution = "Whoever gets it next finds what was left on it, unless it was cleaned."
        return change("Return \(device.shortID)", device, "return", cautions: [caution]) {
            dryRun async throws(Problem) in
            try await service.returnDevices([device.id], dryRun: dryRun)
        }
    }

    private func change(
        _ title: String, _ device: API.Device, _ verb: String, cautions: [String] = [],
        run: @escaping @Sendable (_ dryRun: Bool) async throws(Problem) -> API.Change
    ) -> FormAnswer {
        .change(
            Mutation(
                title: title, back: Link.device(device), done: Link.device(device),
                command: ShellLine("device", verb, device.shortID).text, cautions: cautions, run: run))
    }
}
