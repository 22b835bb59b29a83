import PatchbayAPI
import PatchbayCore

/// Prints a plan as it goes: a line for each step that ends, and on a terminal one line that is rewritten for the step
/// under way.
struct PlanPrinter {
    private let out: Output
    private var printed: [Int: String] = [:]
    private var hasHeading = false
    private var hasOpenLine = false
    private var toldWaiting: String?

    init(_ out: Output) { self.out = out }

    mutating func update(_ plan: API.Plan) {
        tellWaiting(plan)
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

    /// What a plan waits for, once for each thing; the seconds in it go on.
    private mutating func tellWaiting(_ plan: API.Plan) {
        guard let waitsFor = plan.waitsFor else { return toldWaiting = nil }
        let kind = waitsFor.filter { !$0.isNumber }
        guard kind != toldWaiting else { return }
        toldWaiting = kind
        closeLine()
        let isQueued = plan.phase == "queued"
        out.talk(
            waitsFor + (isQueued ? " ctrl-C leaves it queued. To withdraw it:  patchbay plan cancel \(plan.id)" : ""))
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
