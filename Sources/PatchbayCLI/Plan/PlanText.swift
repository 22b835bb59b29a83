import PatchbayAPI
import PatchbayCore
import PatchbayText

/// A plan as lines: the same for dry runs, progress and `plan show`.
struct PlanText {
    let plan: API.Plan
    let style: Style

    init(_ plan: API.Plan, style: Style) {
        self.plan = plan
        self.style = style
    }

    /// A dry run: numbered steps, nothing has happened.
    func preview() -> String {
        let verdict = ["basis \(plan.basis.prefix(4))", plan.canBeUndone ? "can be undone" : "cannot be undone"]
        let title = "Plan  \(plan.title)"
        let end = verdict.joined(separator: " · ")
        let gap = String(repeating: " ", count: max(3, min(style.width ?? 0, 100) - title.columns - end.columns))
        let head = style.clean(title) + gap + style.paint(style.clean(end), .dim) + "\n"
        return head + plan.steps.map { "  \(String($0.number).padded(onLeftTo: numberWidth))  \(words($0))\n" }.joined()
    }

    /// The story of a plan that exists.
    func story() -> String {
        heading() + plan.steps.map { line($0) }.joined()
    }

    func heading() -> String {
        style.paint(style.clean("Plan \(plan.id)"), .bold) + style.clean("  \(plan.title)") + "\n"
    }

    /// One step with its mark and how long it took.
    func line(_ step: API.Step) -> String {
        let words = words(step, width: restWidth)
        let took = step.milliseconds.map { TimeWords.duration(milliseconds: $0).padded(onLeftTo: 9) } ?? ""
        var parts = ["  \(mark(step).text(style)) \(words)", took]
        if step.status == "undone" { parts.append("undone") }
        if let problem = step.problem { parts.append(style.clean(problem.cause ?? problem.detail)) }
        let line = parts.filter { !$0.isEmpty }.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
    }

    private func mark(_ step: API.Step) -> Mark {
        switch step.status {
        case "done": .done
        case "failed": .failed
        case "undone": .takenBack
        case "running": .running
        default: .nothing
        }
    }

    /// Verb, object and remark in columns.
    private func words(_ step: API.Step, width: Int = 0) -> String {
        let verbs = plan.steps.map { style.clean($0.verb).columns }.max() ?? 0
        let objects = plan.steps.map { style.clean($0.object).columns }.max() ?? 0
        let text = [
            style.clean(step.verb).padded(to: max(verbs, 9)), style.clean(step.object).padded(to: objects),
            style.clean(step.remark).padded(to: width),
        ].joined(separator: "  ")
        return width > 0 ? text : String(text.reversed().drop { $0 == " " }.reversed())
    }

    private var restWidth: Int { plan.steps.map { style.clean($0.remark).columns }.max() ?? 0 }
    private var numberWidth: Int { String(plan.steps.count).count }
}
