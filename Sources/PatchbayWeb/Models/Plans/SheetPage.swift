import PatchbayAPI
import PatchbayCore

/// What a change would do, before it is done: the plan sheet. Nothing ever happens without it.
struct SheetPage: Sendable {
    let title: String
    let reversibility: String
    let message: String
    let plans: [PlannedHost]
    let hasNoSteps: Bool
    let findings: [FindingNote]
    let cautions: [String]
    let command: String?
    let action: String
    let fields: [FormFields.Field]
    /// Comes back with *Apply*, and must still fit.
    let confirm: String
    let back: String
    let hasChanged: Bool
    let sheetProblem: ProblemNote?
    let canApply: Bool

    /// The same again in spite of a risk that a person may take.
    let anyway: Anyway?

    struct Anyway: Sendable, Hashable {
        let target: String
        let typed: [FormFields.Field]
        let risk: String
        let danger: String

        /// nil: nobody may go on.
        init?(_ problem: Problem, action: String, fields: FormFields) {
            guard case .takes(let danger) = problem.code.permission else { return nil }
            target = action
            typed = fields.without(["allow", "reason"]).fields
            risk = problem.code.rawValue
            self.danger = danger
        }
    }

    /// The steps on one host.
    struct PlannedHost: Sendable, Hashable {
        let host: String
        let planTitle: String
        let steps: [StepLine]
    }

    init(_ mutation: Mutation, preview: API.Change, action: String, fields: FormFields, hasChanged: Bool) {
        self.title = mutation.title
        let steps = preview.plans.flatMap(\.steps)
        self.reversibility =
            preview.plans.isEmpty
            ? "" : preview.plans.allSatisfy(\.canBeUndone) ? "can be undone" : "cannot be undone"
        self.message = preview.message
        self.plans = preview.plans.map {
            PlannedHost(host: $0.host, planTitle: $0.title, steps: $0.steps.map(StepLine.init))
        }
        self.hasNoSteps = steps.isEmpty
        self.findings = (preview.findings + preview.plans.flatMap(\.findings)).map(FindingNote.init)
        self.cautions = mutation.cautions
        self.command = mutation.command
        self.action = action
        self.fields = fields.fields
        self.confirm = Self.seal(of: preview)
        self.back = mutation.back
        self.hasChanged = hasChanged
        self.sheetProblem = nil
        self.canApply = true
        self.anyway = nil
    }

    /// Why there is no plan.
    init(_ title: String, problem: Problem, command: String? = nil, back: String, anyway: Anyway? = nil) {
        self.title = title
        self.reversibility = ""
        self.message = ""
        self.plans = []
        self.hasNoSteps = false
        self.findings = []
        self.cautions = []
        self.command = command
        self.action = ""
        self.fields = []
        self.confirm = ""
        self.back = back
        self.hasChanged = false
        self.sheetProblem = ProblemNote(problem)
        self.canApply = false
        self.anyway = anyway
    }

    /// A number for everything that the sheet promises. When the world moved meanwhile, the number differs and the
    /// person is shown the new sheet instead of a change nobody looked at.
    static func seal(of change: API.Change) -> String {
        var text = change.message
        for plan in change.plans {
            text += "\n\(plan.host) \(plan.title)"
            for step in plan.steps { text += "\n\(step.verb) \(step.object) \(step.remark)" }
        }
        for finding in change.findings + change.plans.flatMap(\.findings) {
            text += "\n\(finding.code) \(finding.subject)"
        }
        return String(Fingerprint(text).value, radix: 36)
    }
}

extension Page {
    /// A sheet that says why nothing can be done.
    init(sheet title: String, _ problem: Problem, command: String? = nil, back: String, anyway: SheetPage.Anyway? = nil)
    {
        self.init(
            title: title, section: .none, template: "page-sheet",
            model: SheetPage(title, problem: problem, command: command, back: back, anyway: anyway), problem: problem)
    }
}
