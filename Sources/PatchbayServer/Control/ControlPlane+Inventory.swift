import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    package func status() async throws(Problem) -> API.Status {
        let hosts = try await hosts()
        let vms = try await vms()
        let fleet = try await view.fleet()
        let findings =
            hosts.flatMap(\.findings) + (try await findingsOfNoHost(fleet)) + fleet.stuckPlans.map(API.Finding.init)
            + vms.flatMap(\.findings)
        return API.Status(hosts: hosts, vms: vms, findings: findings, revision: fleet.revision)
    }

    /// What belongs to the server, or to a host that was never taken in.
    private func findingsOfNoHost(_ fleet: Fleet) async throws(Problem) -> [API.Finding] {
        let strangers = await agents.refusals.filter { fleet.hosts[$0.host]?.inventory == nil }
            .map { Finding.reportRefused($0.host, $0.refusal) }
        let failure = await view.storeFailure.map { [Finding.storeFails(since: $0.since, $0.problem)] } ?? []
        let rules = fleet.poolList.flatMap(fleet.refusedRules)
        return (failure + fleet.unreadableFindings + rules + strangers).map(API.Finding.init)
    }

    package func hosts() async throws(Problem) -> [API.Host] {
        let fleet = try await view.fleet()
        var hosts: [API.Host] = []
        for name in fleet.hosts.keys.sorted() {
            if let host = try await shown(name, in: fleet) { hosts.append(host) }
        }
        return hosts
    }

    package func host(_ name: String) async throws(Problem) -> API.Host {
        let fleet = try await view.fleet()
        guard let host = try await shown(name, in: fleet) else { throw fleet.unknownHost(name) }
        return host
    }

    /// nil: it never reported.
    private func shown(_ name: String, in fleet: Fleet) async throws(Problem) -> API.Host? {
        guard let state = fleet.hosts[name], let inventory = state.inventory else { return nil }
        let contact = await agents.contact(of: name)
        let seen = fleet.view(of: name).map { $0.recognitionFindings + $0.clashes } ?? []
        let rival = await agents.rival(of: name).map { [Finding.otherAgent(name, $0)] } ?? []
        let refusal = await agents.refusal(of: name).map { [Finding.reportRefused(name, $0)] } ?? []
        let report = try await view.examination(of: name, inventory)
        var findings =
            (state.record?.unreadable.map { [Finding.unreadable(name, $0)] } ?? [])
            + inventory.readinessFindings(report)
            + seen + (contact.isConnected ? [] : [Finding.agentOffline(name)])
        findings += refusal + rival + inventory.ownFindings + inventory.silentFindings
        findings += await agents.doubts(of: name)
        return API.Host(
            inventory, readiness: API.Readiness(inventory, report), findings: findings,
            agent: API.AgentState(
                connected: contact.isConnected, lastSeenAt: contact.lastSeenAt ?? state.record?.lastSeenAt,
                version: state.record?.agentVersion),
            settings: state.settings ?? HostSettings(),
            deviceCounts: try await view.devices(of: name).filter { $0.kind == .pci }.countsByState,
            inventoryAt: state.record?.inventoryAt,
            revision: fleet.revision(of: StateKey.inventory(name)))
    }

    package func refreshHost(_ name: String) async throws(Problem) -> API.Host {
        let fleet = try await view.fleet()
        guard fleet.hosts[name]?.inventory != nil else { throw fleet.unknownHost(name) }
        guard await agents.contact(of: name).isConnected else { throw .agentUnreachable(name) }
        guard await agents.refreshed(name, within: .seconds(30)) else {
            let fleet = try await view.fleet()
            guard fleet.hosts[name]?.inventory != nil else { throw fleet.unknownHost(name) }
            throw Problem(
                .timedOut, "The agent of \"\(name)\" did not report within 30 s.",
                next: [NextStep("See when it last reported", .showHost(name))])
        }
        if let unreadable = try await view.fleet().hosts[name]?.unreadable {
            throw .unreadable(name, unreadable)
        }
        return try await host(name)
    }

    package func devices(_ query: API.DeviceQuery) async throws(Problem) -> [API.Device] {
        let kind = query.kind ?? .pci
        let filter = try DeviceFilter(parsing: query.filter ?? "", for: kind)
        let order = try DeviceOrder(query.sort)
        var devices: [API.Device]
        if let host = query.host {
            let fleet = try await view.fleet()
            guard fleet.hosts[host] != nil else { throw fleet.unknownHost(host) }
            devices = try await view.devices(of: host)
        } else {
            devices = try await view.allDevices()
        }
        devices.removeAll { $0.kind != kind }
        if !filter.conditions.isEmpty { devices = try await view.fleet().filtered(devices, by: filter, of: kind) }
        return order.sorted(devices)
    }

    package func device(_ name: String) async throws(Problem) -> API.Device {
        let fleet = try await view.fleet()
        let id = try fleet.device(named: name)
        guard var device = try await view.devices(of: id.host).first(where: { $0.id == id.description }) else {
            throw fleet.unknownDevice(name)
        }
        if let inventory = fleet.hosts[id.host]?.inventory, let function = id.key.pci.flatMap({ inventory[$0] }) {
            device.details = DetailsMaker(inventory).details(of: function)
        }
        return device
    }

    package func groups(host: String?) async throws(Problem) -> [API.Group] {
        let fleet = try await view.fleet()
        if let host, fleet.hosts[host] == nil { throw fleet.unknownHost(host) }
        var groups: [API.Group] = []
        for name in host.map({ [$0] }) ?? fleet.hosts.keys.sorted() {
            guard let inventory = fleet.hosts[name]?.inventory else { continue }
            let devices = Dictionary(
                try await view.devices(of: name).map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
            let judge = IsolationJudge(inventory)
            groups += inventory.groups.map { group in
                API.Group(
                    group, host: name, members: group.members.compactMap { devices[$0.description] }, judge: judge)
            }
        }
        return groups
    }

    package func group(_ number: Int, host: String) async throws(Problem) -> API.Group {
        guard let group = try await groups(host: host).first(where: { $0.number == number }) else {
            throw Problem(
                .unknownGroup, "\"\(host)\" has no IOMMU group \(number).",
                next: [NextStep("List them", .listGroups(host: host))])
        }
        return group
    }
}
