import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

extension PageMaker {
    func deviceList(_ visit: Visit) async throws(Problem) -> Page {
        var query = DeviceListPage.Query(
            filter: visit.query["filter"] ?? "", sort: visit.query["sort"] ?? "", host: visit.query["host"] ?? "",
            selected: visit.query.all("device").eachOnce)
        let alerts = try await service.hosts().flatMap(\.findings)
        var model: DeviceListPage
        var problem: Problem?
        do throws(Problem) {
            query.kind = try visit.query.choice("kind", "The kind of device") ?? .pci
            query.page = try visit.query.number("page", "The page", in: 0...100_000) ?? 0
            let all = try await all(query)
            let matching = try await matching(query, of: all)
            model = DeviceListPage(
                query, devices: matching, total: all.count, counts: await countsOfOtherKinds(query), alerts: alerts)
        } catch {
            let counts = await countsOfOtherKinds(query)
            model = DeviceListPage(query, devices: [], total: 0, counts: counts, alerts: alerts, problem: error)
            problem = error
        }
        return Page(title: "Devices", section: .devices, template: "page-devices", model: model, problem: problem)
    }

    private func all(_ query: DeviceListPage.Query) async throws(Problem) -> [API.Device] {
        try await service.devices(API.DeviceQuery(kind: query.kind, host: query.host.isEmpty ? nil : query.host))
    }

    /// - Parameter all: devices of the kind, which are not asked for again where nothing is left out or sorted there.
    private func matching(
        _ query: DeviceListPage.Query, of all: [API.Device]
    ) async throws(Problem) -> [ListedDevice] {
        let search = DeviceSearch(query.filter)
        let key = query.kind.columns.first { $0.id == query.sort || "-\($0.id)" == query.sort }?.key
        let sort = query.sort.isEmpty || key != nil ? nil : query.sort
        var devices = all
        if search.hasConditions || sort != nil {
            devices = try await service.devices(
                API.DeviceQuery(
                    kind: query.kind, host: query.host.isEmpty ? nil : query.host,
                    filter: search.hasConditions ? search.conditions : nil, sort: sort))
        }
        let facts = try await facts(ofUSB: devices)
        let listed = devices.map { ListedDevice(device: $0, usb: facts[$0.id]) }.filter { search.matches($0.texts) }
        guard let key else { return listed }
        let sorted = listed.map { (key($0), $0) }.sorted { ($0.0, $0.1.device.id) < ($1.0, $1.1.device.id) }.map(\.1)
        return query.sort.hasPrefix("-") ? sorted.reversed() : sorted
    }

    /// How many devices of each other kind the same question finds; none where it makes no sense of them.
    private func countsOfOtherKinds(_ query: DeviceListPage.Query) async -> [DeviceKind: Int] {
        var counts: [DeviceKind: Int] = [:]
        for kind in DeviceKind.allCases where kind != query.kind {
            let other = query.of(kind)
            do throws(Problem) {
                counts[kind] = try await matching(other, of: try await all(other)).count
            } catch { continue }
        }
        return counts
    }

    /// What the surveys of their hosts tell of USB devices, by device.
    func facts(ofUSB devices: [API.Device]) async throws(Problem) -> [String: API.USBDevice] {
        var facts: [String: API.USBDevice] = [:]
        for host in Set(devices.filter(\.kind.isSurveyed).map(\.host)) {
            for device in try await service.survey(host: host).usb { facts[device.id] = device }
        }
        return facts
    }

    func device(_ visit: Visit, host: String, address: String) async throws(Problem) -> Page {
        let device = try await service.device("\(host)/\(address)")
        let claims = try await service.claims(API.ClaimQuery())
        let history = DeviceHistory(of: device, plans: try await service.plans(host: device.host), claims: claims)
        let model = DevicePage(
            device, part: try await part(of: device), vms: try await service.vms(),
            claim: claims.first { $0.devices.contains { $0.device == device.id } },
            events: try await service.events(limit: EventsPage.limit).filter(history.concerns),
            refusal: await refusal(of: device),
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
        return change("Release \(device.shortID)", device, "release") { dryRun async throws(Problem) in
            try await service.releaseDevices([device.id], dryRun: dryRun)
        }
    }

    func giveBack(_ visit: Visit, _ fields: FormFields, host: String, address: String) async throws(Problem)
        -> FormAnswer
    {
        let device = try await service.device("\(host)/\(address)")
        let service = service
        let caution = "Unless it was cleaned, the next guest finds what was left on it."
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
