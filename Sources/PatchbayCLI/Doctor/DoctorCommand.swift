import ArgumentParser
import PatchbayAPI
import PatchbayCore
import PatchbayHost

/// `patchbay doctor`, `patchbay doctor atlas`, `patchbay doctor --root atlas.tar.xz`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check whether a host can lend devices, and what to do if not.",
        discussion: """
            Reads this machine, a recorded one (--root), or asks the server about a host it knows. Changes nothing: each fix \
            is printed, with the commands of the host's own distribution and boot loader. \
            Exit code 0: nothing fails; 2: something does (with --strict: or a warning was given).
            Example:  patchbay doctor
                      patchbay doctor atlas --ticket > atlas.txt
            """)

    @Argument(help: "A host that the server knows; without it, this machine.")
    var host: String?
    @Option(help: RootOption.help)
    var root: String?
    @Option(help: ArgumentHelp("The host's name, where the tree does not tell it.", valueName: "name"))
    var name: String?
    @Flag(help: "Warnings count as failures.")
    var strict = false
    @Flag(help: "One plain page for a support ticket, without names, numbers and addresses that tell who it is about.")
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
                try Examination(root: directory, name: name, wantsTicket: wantsTicket)
            }
        }
        let service = try global.service()
        let report = try await service.examineHost(host)
        return Examination(report, groups: wantsTicket ? try await service.groups(host: host) : [])
    }
}
