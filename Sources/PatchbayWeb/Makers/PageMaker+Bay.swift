import PatchbayAPI
import PatchbayCore

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
