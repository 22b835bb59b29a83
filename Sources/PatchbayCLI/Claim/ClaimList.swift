import ArgumentParser
import PatchbayAPI
import PatchbayCore

extension PatchbayCore.Claim.Phase: ExpressibleByArgument {}

/// `patchbay claim list`
struct ClaimList: AsyncParsableCommand, ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List claims with their devices, their lease and their place in the queue.")
    static var choices: ListChoices { ClaimListing.make(now: 0).choices }

    @Option(help: "List only claims in this phase.")
    var phase: PatchbayCore.Claim.Phase?
    @Option(help: ArgumentHelp("List only claims of this VM, system or reservation.", valueName: "name"))
    var owner: String?
    @Option(help: ArgumentHelp("List only claims of this tenant.", valueName: "name"))
    var tenant: String?
    @OptionGroup var limit: LimitOption
    @OptionGroup var list: ListOptions
    @OptionGroup var watch: WatchOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let query = API.ClaimQuery(phase: phase, owner: owner, tenant: tenant)
        let service = try global.service()
        try await watch.list(
            service, out, ClaimListing.make, options: list, narrowing: Narrowing(words: narrowing), limit: limit.most()
        ) { () async throws(Problem) in
            try await service.claims(query)
        }
    }

    /// The options that leave claims out, as they were typed; nil: none of them was.
    private var narrowing: String? {
        let words = [
            phase.map { "--phase \($0.rawValue)" }, owner.map { "--owner \($0)" }, tenant.map { "--tenant \($0)" },
        ].compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }
}
