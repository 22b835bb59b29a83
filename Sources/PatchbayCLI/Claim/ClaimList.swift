import ArgumentParser
import PatchbayAPI
import PatchbayCore

extension PatchbayCore.Claim.Phase: ExpressibleByArgument {}

/// `patchbay claim list`
struct ClaimList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "All claims: what they hold, how long, and their place in the queue.")

    @Option(help: "Only those that are pending, allocated, attached or releasing.")
    var phase: PatchbayCore.Claim.Phase?
    @Option(help: ArgumentHelp("Only those of this VM, system or reservation.", valueName: "name"))
    var owner: String?
    @Option(help: ArgumentHelp("Only those of this tenant.", valueName: "name"))
    var tenant: String?
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let query = API.ClaimQuery(phase: phase, owner: owner, tenant: tenant)
        try out.list(
            try await global.service().claims(query), ClaimListing.make(now: out.now), options: list,
            narrowing: narrowing)
    }

    /// The options that leave claims out, as they were typed; nil: none of them was.
    private var narrowing: String? {
        let words = [
            phase.map { "--phase \($0.rawValue)" }, owner.map { "--owner \($0)" }, tenant.map { "--tenant \($0)" },
        ].compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }
}
