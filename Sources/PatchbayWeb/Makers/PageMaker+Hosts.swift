import PatchbayAPI
import PatchbayCore

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
