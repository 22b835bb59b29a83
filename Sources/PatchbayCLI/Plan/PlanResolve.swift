import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay plan resolve p-8a02 --reason "unbound by hand"`
struct PlanResolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Say that you looked after what a stuck plan left: things are taken as they are now.",
        discussion: """
            The reason is kept in the audit log. A VM that runs keeps what it holds; what one that is off held is free.
            A plan that was under way on a host that is lost ends with it:
              patchbay plan resolve p-8a02 --allow host-lost --reason burnt
            """)

    @Argument(help: "The plan.")
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
