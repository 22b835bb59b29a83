import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay plan resolve p-8a02 --reason "unbound by hand"`
struct PlanResolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Close a stuck plan after you have cleaned up by hand.",
        discussion: """
            The host is taken as it is now: a running VM keeps its devices, those of a VM that is off become free. \
            The reason is kept in the audit log.
            A plan of a lost host is closed the same way:
              patchbay plan resolve p-8a02 --allow host-lost --reason burnt
            """)

    @Argument(help: "The plan.", completion: .names(.plan))
    var plan: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        let statement = API.Statement(reason: try change.statedReason())
        try await ChangeRunner(service, change, output, global).run(isStatement: true) {
            (dryRun) async throws(Problem) in
            try await service.resolvePlan(plan, statement, dryRun: dryRun)
        }
    }
}
