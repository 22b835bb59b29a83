import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay status`: everything at a glance.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "One screen: hosts, devices by state, what needs attention.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let status = try await global.service().status()
        switch out.format {
        case .json: out.write(try JSONText.pretty(status))
        case .yaml: out.write(try YAMLText.render(status))
        case .name: out.write(status.hosts.map { out.style.clean($0.name) + "\n" }.joined())
        case .table, .wide, .tree: out.write(StatusText(status, now: out.now).render(out.style))
        }
    }
}
