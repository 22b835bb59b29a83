import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay plan undo p-8a02`
struct PlanUndo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take back what a plan did, in reverse.")

    @Argument(help: "The plan.")
    var plan: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let service = try global.service()
        try await ChangeRunner(service, change, output, global).run(onlyPlans: true) { (dryRun) async throws(Problem) in
            try await service.undoPlan(plan, dryRun: dryRun)
        }
    }
}
