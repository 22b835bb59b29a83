import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay plan retry p-8a02`
struct PlanRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Ask again for what a plan that did not end well was to do.")

    @Argument(help: "The plan.")
    var plan: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(onlyPlans: true) { (dryRun) async throws(Problem) in
            try await service.retryPlan(plan, dryRun: dryRun)
        }
    }
}
