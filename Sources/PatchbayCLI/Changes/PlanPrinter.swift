import PatchbayAPI
import PatchbayCore

/// Prints a plan as it goes: a line for each step that ends, and on a terminal one line that is rewritten for the step
/// under way.
struct PlanPrinter {
    private let out: Output
    private var printed: [Int: String] = [:]
    private var hasHeading = false
    private var hasOpenLine = false

    init(_ out: Output) { self.out = out }

    mutating func update(_ plan: API.Plan) {
        guard out.isForPeople else { return }
        let text = PlanText(plan, style: out.style)
        closeLine()
        if !hasHeading { out.write(text.heading()) }
        hasHeading = true
        for step in ended(plan) where printed[step.number] != step.status {
            printed[step.number] = step.status
            out.write(text.line(step))
        }
        if out.style.isTerminal, !plan.isOver, let step = plan.steps.first(where: { $0.status == "running" }) {
            out.write(String(text.line(step).dropLast()))
            hasOpenLine = true
        }
    }

    /// Takes the rewritten line away.
    mutating func closeLine() {
        guard hasOpenLine else { return }
        out.write("\r\u{1b}[2K")
        hasOpenLine = false
    }

    /// Steps that are over, in the order it happened: forward, then what was taken back from the end.
    private func ended(_ plan: API.Plan) -> [API.Step] {
        plan.steps.filter { ["done", "failed"].contains($0.status) }
            + plan.steps.reversed().filter { $0.status == "undone" }
    }
}
