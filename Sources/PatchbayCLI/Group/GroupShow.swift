import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// `patchbay group show atlas/15`
struct GroupShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an IOMMU group and its members.")

    @Argument(
        help: "HOST/NUMBER, or the number alone with --host or if there is only one host.", completion: .names(.group))
    var group: String
    @OptionGroup var hostOption: HostOption
    @OptionGroup var from: SourceOptions
    @OptionGroup var output: TreeOutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let wanted = try parsed()
        let service = try await from.source(global)
        let host = try await service.host(namedOrOnly: wanted.host, command: "patchbay group show").name
        let group = try await service.group(wanted.number, host: host)
        switch out.format {
        case .json: out.write(try JSONText.pretty(group))
        case .yaml: out.write(try YAMLText.render(group))
        case .name: out.line("\(group.host)/\(group.number)")
        case .tree: out.write(DeviceTree(group.members).render(out.style))
        case .table, .wide:
            out.write(record(group).render(out.style) + "\n")
            try out.list(group.members, DeviceListing.all, options: try ListOptions.parse([]))
        }
    }

    private func parsed() throws(Problem) -> (host: String?, number: Int) {
        let parts = group.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let last = parts.last, let number = Int(last), number >= 0,
            parts.first?.isEmpty == false
        else {
            throw Problem(
                .malformedInput, "\"\(group)\" is not a valid IOMMU group.",
                next: ["Write HOST/NUMBER, for example atlas/15.", "See all groups:  patchbay group list"])
        }
        return (parts.count == 2 ? String(parts[0]) : hostOption.host, number)
    }

    private func record(_ group: API.Group) -> Record {
        let devices = group.members.filter { !$0.isBridge }.count
        var record = Record(
            mark: nil, title: "\(group.host)/\(group.number)", CountWords.count(devices, "device"),
            verdict: group.isolationWords.map { Cell($0, group.isolationColour) })
        record.add("type", group.domainType)
        record.add("because", group.isolation?.reasons ?? [])
        record.add("reason for its size", group.isolation?.causes ?? [])
        record.add("reserved", (group.reservedRegions ?? []).filter { $0.kind != "msi" }.map(\.words))
        return record
    }
}

extension API.ReservedRegion {
    fileprivate var words: String {
        let range = "\(start) to \(end), \(kind)"
        return kind == "direct" ? "\(range): the kernel will refuse to hand the group over" : range
    }
}
