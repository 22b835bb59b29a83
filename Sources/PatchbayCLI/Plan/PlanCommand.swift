import ArgumentParser

/// `patchbay plan`
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Host changes: what was planned, how it went, and the way back.",
        subcommands: [
            PlanList.self, PlanShow.self, PlanWait.self, PlanUndo.self, PlanCancel.self, PlanRetry.self,
            PlanResolve.self,
        ])
}
