import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay group show atlas/15`
struct GroupShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One IOMMU group and what its members are.")

    @Argument(help: "HOST/NUMBER, or the number alone with --host or when there is one host only.")
    var group: String
    @OptionGroup var hostOption: HostOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let wanted = try parsed()
        let service = try global.service()
        let host = try await self.host(wanted.host, service)
        let group = try await service.group(wanted.number, host: host)
        switch out.format {
        case .json: out.write(try JSONText.pretty(group))
        case .yaml: out.write(try YAMLText.render(group))
        case .name: out.line("\(group.host)/\(group.number)")
        case .tree: out.write(DeviceTree(group.members).render(out.style))
        case .table, .wide:
            try out.list(group.members, DeviceListing.all, options: try ListOptions.parse([]))
        }
    }

    private func parsed() throws(Problem) -> (host: String?, number: Int) {
        let parts = group.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let last = parts.last, let number = Int(last), number >= 0,
            parts.first?.isEmpty == false
        else {
            throw Problem(
                .malformedInput, "\"\(group)\" does not name an IOMMU group.",
                next: ["Write HOST/NUMBER, for example atlas/15.", "See all groups:  patchbay group list"])
        }
        return (parts.count == 2 ? String(parts[0]) : hostOption.host, number)
    }

    private func host(_ named: String?, _ service: any PatchbayService) async throws(Problem) -> String {
        if let named { return named }
        let hosts = try await service.hosts().map(\.name)
        guard hosts.count == 1, let only = hosts.first else {
            throw Problem(
                .ambiguousName, "\"\(group)\" could be a group of any of \(CountWords.count(hosts.count, "host")).",
                evidence: hosts.map { "\($0)/\(group)" }, next: ["Say which:  patchbay group show HOST/\(group)"])
        }
        return only
    }
}
