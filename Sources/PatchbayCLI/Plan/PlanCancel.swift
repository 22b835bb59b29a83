import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay plan cancel p-8a02`
struct PlanCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Withdraw a plan that waits, or stop one that is under way and take it back.",
        discussion: """
            A restart that has stopped its VM by then leaves it off, says so and exits 8. What was done before it could be \
            stopped stays, and the exit code is 4.
            """)

    @Argument(help: "The plan.")
    var plan: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(onlyPlans: true, wished: .cancelled) {
            (dryRun) async throws(Problem) in
            try await service.cancelPlan(plan, dryRun: dryRun)
        }
    }
}
