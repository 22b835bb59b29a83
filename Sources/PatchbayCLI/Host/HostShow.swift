import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// `patchbay host show atlas`
struct HostShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a host: its hardware, whether it is ready, and what to do if it is not.",
        discussion: """
            --tree draws it: NUMA nodes, root complexes, switches and devices, with their groups, states and users. \
            Similar functions are folded into one line; --all shows each.
            Example:  patchbay host show atlas --tree
                      patchbay host show --root /srv/recordings/atlas --tree --all
            """)

    @Argument(help: "The host; may be omitted if there is only one.", completion: .names(.host))
    var host: String?
    @Flag(help: "Draw the tree of devices.")
    var tree = false
    @Flag(help: "With --tree: show every function on a line of its own.")
    var all = false
    @OptionGroup var from: SourceOptions
    @OptionGroup var output: TreeOutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if all, !tree { throw ValidationError("--all belongs to --tree") }
    }

    func run() async throws {
        let out = Output(global, format: output.format(or: tree ? .tree : .table))
        let source = try await from.source(global)
        let host = try await source.host(namedOrOnly: host, command: "patchbay host show")
        let survey = out.isForPeople ? try await source.survey(host: host.name) : nil
        let record = { HostRecord.make(host, now: out.now, isKnownToServer: from.root == nil, survey: survey) }
        guard out.format == .tree else {
            return try out.show(host, name: host.name, record: record)
        }
        let devices = try await source.devices(API.DeviceQuery(host: host.name))
        let tree = HostTreeMaker(devices, survey: survey, isUnfolded: all).make(host: host.name)
        out.write(HostRecord.heading(host, out.style) + HostTreeText.render(tree, out.style))
        out.footer(CountWords.devices(devices.filter { !$0.isBridge }.countsByState))
    }
}
