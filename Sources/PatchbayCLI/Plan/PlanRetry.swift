import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay plan retry p-8a02`
struct PlanRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Repeat what failed or cancelled plans were to do.")

    @Argument(help: ArgumentHelp("The plans.", valueName: "plan"), completion: .names(.plan))
    var plans: [String]
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(each: plans, onlyPlans: true) {
            (plan, dryRun) async throws(Problem) in
            try await service.retryPlan(plan, dryRun: dryRun)
        }
    }
}
