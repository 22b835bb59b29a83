import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay status`: everything at a glance.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show hosts, devices by state, and what needs attention.")

    @OptionGroup var watch: WatchOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let service = try global.service()
        var said: [String]?
        try await watch.show(service, out) { () async throws(Problem) in
            try await service.status()
        } draw: { status in
            try write(status, out) { (status) throws(Problem) in try JSONText.pretty(status) }
        } tell: { status in
            let text = StatusText(status, now: out.now)
            guard text.settled(out.style) != said else { return }
            if said != nil, out.isForPeople { out.write("\n") }
            if out.format == .yaml { out.write("---\n") }
            said = text.settled(out.style)
            try write(status, out) { (status) throws(Problem) in try JSONText.line(status) }
        }
    }

    private func write(
        _ status: API.Status, _ out: Output, json: (API.Status) throws(Problem) -> String
    ) throws(Problem) {
        switch out.format {
        case .json: out.write(try json(status))
        case .yaml: out.write(try YAMLText.render(status))
        case .name: out.write(status.hosts.map { out.style.clean($0.name) + "\n" }.joined())
        case .table, .wide, .tree: out.write(StatusText(status, now: out.now).render(out.style))
        }
    }
}
