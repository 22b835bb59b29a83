import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// What a change would do, before it is done: the plan sheet. Nothing ever happens without it.
struct SheetPage: Sendable {
    let title: String
    let reversibility: String
    let message: String
    let plans: [PlannedHost]
    /// That nothing is done on a host now; empty: something is.
    let calm: String
    let findings: [FindingNote]
    let remarks: [String]
    let changes: [RuleMatches.Change]
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
    let verb: String
    let isDeletion: Bool

    /// The same again in spite of one more risk that a person may take.
    let anyway: Anyway?

    struct Anyway: Sendable, Hashable {
        let target: String
        let typed: [FormFields.Field]
        let risk: String
        /// With those that the form takes already, as `TakenRisk` reads them.
        let risks: String
        let danger: String
        /// False: the form has a reason already, of its own or for another risk, which holds for this one, too.
        let asksWhy: Bool

        /// nil: nobody may go on.
        init?(_ problem: Problem, action: String, fields: FormFields) {
            guard case .takes(let danger) = problem.code.permission else { return nil }
            target = action
            let taken = fields["allow"].map { [$0] } ?? []
            typed = fields.without(taken.isEmpty ? ["allow", "reason"] : ["allow"]).fields
            risk = problem.code.rawValue
            risks = (taken + [risk]).joined(separator: ",")
            self.danger = danger
            asksWhy = fields["statement"] == nil && taken.isEmpty
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
        self.reversibility = Self.reversibility(of: preview.plans, losesData: mutation.losesData)
        self.message = preview.message
        self.plans = preview.plans.map {
            PlannedHost(host: $0.host, planTitle: $0.title, steps: $0.steps.map { StepLine($0) })
        }
        let findings = (preview.findings + preview.plans.flatMap(\.findings)).eachOnce
        self.calm = preview.plans.flatMap(\.steps).isEmpty ? Self.calm(findings) : ""
        self.findings = findings.map(FindingNote.init)
        self.remarks = mutation.remarks(preview)
        self.changes = mutation.changes
        self.cautions = mutation.cautions
        self.command = mutation.command.map { TakenRisk.current?.words(after: $0) ?? $0 }
        self.action = action
        self.fields = fields.fields
        self.confirm = Self.seal(of: preview, mutation.changes)
        self.back = mutation.back
        self.hasChanged = hasChanged
        self.sheetProblem = nil
        self.canApply = true
        self.verb = mutation.verb
        self.isDeletion = mutation.isDeletion
        self.anyway = nil
    }

    /// Why there is no plan.
    init(_ title: String, problem: Problem, command: String? = nil, back: String, anyway: Anyway? = nil) {
        self.title = title
        self.reversibility = ""
        self.message = ""
        self.plans = []
        self.calm = ""
        self.findings = []
        self.remarks = []
        self.changes = []
        self.cautions = []
        self.command = command
        self.action = ""
        self.fields = []
        self.confirm = ""
        self.back = back
        self.hasChanged = false
        self.sheetProblem = ProblemNote(problem)
        self.canApply = false
        self.verb = ""
        self.isDeletion = false
        self.anyway = anyway
    }

    private static func reversibility(of plans: [API.Plan], losesData: Bool) -> String {
        guard !plans.isEmpty else { return "" }
        guard !losesData else { return "what is lost stays lost" }
        return plans.allSatisfy(\.canBeUndone) ? "can be undone" : "cannot be undone"
    }

    private static func calm(_ findings: [API.Finding]) -> String {
        findings.contains { $0.code == "leaves-host" }
            ? "Nothing changes on a host now. The following applies when a device is lent."
            : "This changes nothing on a host."
    }

    /// A number for everything that the sheet promises. When the world moved meanwhile, the number differs and the
    /// person is shown the new sheet instead of a change nobody looked at.
    static func seal(of change: API.Change, _ changes: [RuleMatches.Change] = []) -> String {
        var text = change.message
        for plan in change.plans {
            text += "\n\(plan.host) \(plan.title)"
            for step in plan.steps { text += "\n\(step.verb) \(step.object) \(step.remark)" }
        }
        for finding in change.findings + change.plans.flatMap(\.findings) {
            text += "\n\(finding.code) \(finding.subject)"
        }
        for change in changes {
            text += "\n\(change.title) \(change.devices.map(\.href))"
        }
        return String(FNV1a(text).value, radix: 36)
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
