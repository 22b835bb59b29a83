import PatchbayAPI
import PatchbayCore

extension PageMaker {
    func hostList(_ visit: Visit) async throws(Problem) -> Page {
        let model = HostListPage(
            try await service.hosts(), devices: try await service.devices(API.DeviceQuery()), now: visit.now)
        return Page(title: "Hosts", section: .hosts, template: "page-hosts", model: model)
    }

    func host(_ visit: Visit, name: String) async throws(Problem) -> Page {
        let host = try await service.host(name)
        let model = HostPage(
            host, devices: try await service.devices(API.DeviceQuery(host: host.name)),
            survey: try await service.survey(host: host.name),
            report: try await service.examineHost(host.name), groups: try await service.groups(host: host.name),
            vms: try await service.vms(), now: visit.now)
        return Page(title: host.name, section: .hosts, template: "page-host", model: model)
    }

    func refresh(_ visit: Visit, _ fields: FormFields, name: String) async throws(Problem) -> FormAnswer {
        let host = try await service.refreshHost(name)
        return .done(message: "\(host.name) was read again.", goTo: Link.host(host.name))
    }
}
