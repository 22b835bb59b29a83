import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay group list`
struct GroupList: AsyncParsableCommand, ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List IOMMU groups with their members, as a tree.")
    static var choices: ListChoices { GroupListing.all.choices }

    @OptionGroup var hostOption: HostOption
    @OptionGroup var from: SourceOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var output: TreeOutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let fallback: OutputFormat = list.columns == nil && list.sort == nil && list.filter == nil ? .tree : .table
        let out = Output(global, format: output.format(or: fallback))
        let groups = try await from.source(global).groups(host: hostOption.host)
        guard out.format == .tree, !groups.isEmpty else {
            try out.list(groups, GroupListing.all, options: list, narrowing: hostOption.narrowing())
            return
        }
        let arranged = try GroupListing.all.arranged(groups, options: list)
        out.write(DeviceTree(arranged.flatMap(\.members)).render(out.style))
        let shared = groups.filter { $0.members.filter { !$0.isBridge }.count > 1 }.count
        out.footer("\(CountWords.count(groups.count, "group")), \(shared) with more than one device")
    }
}
