import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayHost

/// `patchbay host inspect --root DIR`: what Patchbay sees on a machine, without a server or an agent.
struct HostInspect: AsyncParsableCommand, ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Inspect a machine without a server: this one, or a recording.",
        discussion: """
            Only reads. Pools and VMs are not known here, so a device counts as free if the host does not need it and it \
            could be handed over.
            Example:  patchbay host inspect --root /srv/recordings/atlas -o json
            """)
    static var choices: ListChoices { DeviceListing.all.choices }

    @Option(help: RootOption.help)
    var root = "/"
    @Option(help: ArgumentHelp("The host's name, if the directory does not contain it.", valueName: "name"))
    var name: String?
    @OptionGroup var list: ListOptions
    @OptionGroup var output: TreeOutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let filter = try list.filter.map { (text) throws(Problem) in try DeviceFilter(parsing: text) }
        let name = name
        let result = try await RootOption.read(root) { (directory) throws(Problem) in
            try await InventoryReader(root: directory, hostName: name).surveyWithPrograms()
        }
        var inspection = Inspection(result)
        if let filter { inspection.keep(filter, of: .pci) }
        switch out.format {
        case .json: out.write(try JSONText.pretty(inspection))
        case .yaml: out.write(try YAMLText.render(inspection))
        case .name: out.write(inspection.devices.map { out.style.clean($0.shortID) + "\n" }.joined())
        case .tree: out.write(DeviceTree(inspection.devices).render(out.style))
        case .table, .wide:
            out.write(HostRecord.make(inspection.host, now: out.now, isKnownToServer: false).render(out.style) + "\n")
            try out.list(inspection.devices, DeviceListing.all, options: list)
        }
    }
}
