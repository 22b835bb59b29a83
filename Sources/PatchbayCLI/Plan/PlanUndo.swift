import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay plan undo p-8a02`
struct PlanUndo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Undo plans: the steps of each are reversed, last first.")

    @Argument(
        help: ArgumentHelp("The plans, undone in the order in which they are named.", valueName: "plan"),
        completion: .names(.plan))
    var plans: [String]
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(each: plans, onlyPlans: true) {
            (plan, dryRun) async throws(Problem) in
            try await service.undoPlan(plan, dryRun: dryRun)
        }
    }
}
