import ArgumentParser
import PatchbayAPI
import PatchbayClient
import PatchbayCore
import PatchbayText

/// `patchbay plan show p-8a02`
struct PlanShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a plan step by step, and what is left of it.")

    @Argument(help: "The plan.", completion: .names(.plan))
    var plan: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let out = Output(global, format: output.format())
        let plan = try await global.service().plan(plan)
        switch out.format {
        case .json: out.write(try JSONText.pretty(plan))
        case .yaml: out.write(try YAMLText.render(plan))
        case .name: out.line(plan.id)
        case .table, .wide, .tree:
            out.write(PlanText(plan, style: out.style).story())
            out.write(facts(plan, now: out.now).render(out.style))
        }
    }

    private func facts(_ plan: API.Plan, now: Int) -> Record {
        var record = Record(
            mark: plan.mark, title: plan.phase,
            verdict: Cell(plan.canBeUndone ? "can be undone" : "cannot be undone", .dim))
        record.add("host", joining: [plan.host, "basis \(plan.basis)"])
        record.add(
            "asked",
            joining: [
                "by \(plan.actor)", TimeWords.ago(plan.createdAt, now: now),
                plan.endedAt.map { "took \(TimeWords.duration(milliseconds: max(0, $0 - plan.createdAt)))" },
            ])
        record.add("waits", plan.waitsFor)
        record.add("cancelled", plan.cancelledBy.map { "by \($0)" })
        for allowance in plan.allowed ?? [] {
            record.add("allowed", "\(allowance.code) by \(allowance.actor): \(allowance.reason)")
        }
        if let problem = plan.problem {
            record.add("problem", [problem.detail] + problem.evidence)
            record.add("cause", problem.cause)
            record.add("next", problem.next)
        }
        record.add(
            "left",
            plan.stepsLeft.map { [$0.verb, $0.object, $0.remark].filter { !$0.isEmpty }.joined(separator: " ") })
        for finding in plan.findings { record.add(finding.severity.rawValue, [finding.sentence] + finding.next) }
        record.add("undone by", plan.undoneBy)
        record.add("resolved", plan.resolution.map { "by \($0.actor): \($0.reason)" })
        record.add("cancel", plan.isOver ? nil : "patchbay plan cancel \(plan.id)")
        record.add("retry", plan.canBeRetried == true ? "patchbay plan retry \(plan.id)" : nil)
        record.add("undo", plan.isOver && plan.canBeUndone ? "patchbay plan undo \(plan.id)" : nil)
        record.add("resolve", plan.canBeResolved == true ? "patchbay plan resolve \(plan.id) --reason TEXT" : nil)
        return record
    }
}
