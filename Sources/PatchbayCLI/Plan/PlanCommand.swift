import ArgumentParser

/// `patchbay plan`
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Plans: changes to hosts, how they went, and how to undo them.",
        subcommands: [
            PlanList.self, PlanShow.self, PlanWait.self, PlanUndo.self, PlanCancel.self, PlanRetry.self,
            PlanResolve.self,
        ])
}
