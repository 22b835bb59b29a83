import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay plan cancel p-8a02`
struct PlanCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel plans: withdraw those that wait, stop and roll back those under way.",
        discussion: """
            A restart that has already stopped its VM leaves it off and exits with 8. A plan that is done before it can be \
            stopped stays done; the exit code is 4.
            """)

    @Argument(help: ArgumentHelp("The plans.", valueName: "plan"), completion: .names(.plan))
    var plans: [String]
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(each: plans, onlyPlans: true, wished: .cancelled) {
            (plan, dryRun) async throws(Problem) in
            try await service.cancelPlan(plan, dryRun: dryRun)
        }
    }
}
