import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayHost

/// `patchbay doctor`, `patchbay doctor atlas`, `patchbay doctor --root atlas.tar.xz`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check whether a host can lend devices, and what to do if it cannot.",
        discussion: """
            Reads this machine or a recording (--root), or asks the server about one of its hosts. Changes nothing: each fix \
            is printed, with the commands of the host's own distribution and boot loader. \
            Exits with 0 if no check fails and with 2 if one does; with --strict also for a warning.
            Example:  patchbay doctor
                      patchbay doctor atlas --ticket > atlas.txt
            """)

    @Argument(help: "A host of the server; this machine when omitted.", completion: .names(.host))
    var host: String?
    @Option(help: RootOption.help)
    var root: String?
    @Option(help: ArgumentHelp("The host's name, if what is read does not contain it.", valueName: "name"))
    var name: String?
    @Flag(help: "Treat warnings as failures.")
    var strict = false
    @Flag(help: "Print a plain-text report for a support ticket, with names, serial numbers and addresses replaced.")
    var ticket = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if host != nil, root != nil || name != nil {
            throw ValidationError("A host's name and --root or --name cannot be given together")
        }
    }

    func run() async throws {
        let out = Output(global, format: output.format())
        let examination = try await examination()
        let report = examination.report
        if ticket {
            out.write(try examination.ticket(version: AgentProtocol.version))
        } else {
            switch out.format {
            case .json: out.write(try JSONText.pretty(report))
            case .yaml: out.write(try YAMLText.render(report))
            case .name:
                out.write(
                    report.checks.filter { $0.verdict >= .warning }.map { out.style.clean($0.code) + "\n" }.joined())
            case .table, .wide, .tree:
                out.write(DoctorText(report, isFull: out.format == .wide || out.isVerbose).render(out.style))
            }
        }
        if report.verdict == .failure || strict && report.verdict == .warning { throw Ending(status: .refused) }
    }

    private func examination() async throws -> Examination {
        let name = name
        let wantsTicket = ticket
        guard let host else {
            return try await RootOption.read(root ?? "/") { (directory) throws(Problem) in
                try await Examination(root: directory, name: name, wantsTicket: wantsTicket)
            }
        }
        let service = try global.service()
        let report = try await service.examineHost(host)
        return Examination(report, groups: wantsTicket ? try await service.groups(host: host) : [])
    }
}
