import PatchbayAPI
import PatchbayClient
import PatchbayCore
import PatchbayDisplay

/// A plan that ended otherwise than wished: rolled back, or stuck.
struct PlanFailure: Error {
    let plan: API.Plan

    /// nil: it was applied, or is not over.
    init?(_ plan: API.Plan) {
        guard plan.isOver, plan.phase != "applied" else { return nil }
        self.plan = plan
    }

    private var isStuck: Bool { plan.phase == "stuck" }
    /// A guest that would not power off was left as it was: that is no failure of a step.
    private var stillRuns: Bool { plan.problem?.code == ProblemCode.stillRunning.rawValue }
    var status: ExitStatus { isStuck ? .stuck : stillRuns ? .failed : .rolledBack }

    /// Behind the code: how it ended, and which plan.
    var suffix: [String] {
        [
            isStuck ? "stuck" : stillRuns ? "nothing changed" : plan.leftVMOff ? "not started again" : "rolled back",
            "plan \(plan.id)",
        ]
    }

    /// What broke it, with the steps that still stand.
    var problem: Problem {
        var problem =
            plan.problem.map { Problem($0) }
            ?? Problem(isStuck ? .planStuck : .planRolledBack, "Plan \(plan.id) \(isStuck ? "is stuck" : "failed").")
        if isStuck {
            problem.evidence += plan.stepsLeft.map { step in
                "not undone: \([step.verb, step.object, step.remark].filter { !$0.isEmpty }.joined(separator: " "))"
            }
            problem.next.append("See what is left:  patchbay plan show \(plan.id)")
            if plan.canBeUndone { problem.next.append("Try to undo it again:  patchbay plan undo \(plan.id)") }
            if plan.canBeResolved == true {
                problem.next.append(
                    "Or clean up by hand, then close it:  patchbay plan resolve \(plan.id) --reason TEXT")
            }
        } else if problem.next.isEmpty {
            problem.next.append("See every step:  patchbay plan show \(plan.id)")
        }
        return problem
    }
}
