import PatchbayAPI
import PatchbayCore

/// A change that a form asks for. It is always shown as a plan first, then done when the person says so.
struct Mutation: Sendable {
    /// `Attach atlas/42:00.0 to trainer-02`
    var title: String
    /// Where *Cancel* goes.
    var back: String
    /// Where to go when it is done and no plan was made.
    var done: String
    /// The same from a shell.
    var command: String?
    /// What to know before, beyond what the plan says.
    var cautions: [String] = []
    /// Something is lost that no undoing brings back.
    var losesData = false
    /// What to know before, as far as the plan decides it.
    var remarks: @Sendable (API.Change) -> [String] = { _ in [] }
    /// Who enters and who leaves a pool.
    var changes: [RuleMatches.Change] = []
    /// What to know after.
    var hint: String?
    /// What the button says that does it.
    var verb = "Apply plan"
    /// Something is deleted or lost: the button warns.
    var isDeletion = false
    /// `dryRun`: true shows, false does.
    var run: @Sendable (_ dryRun: Bool) async throws(Problem) -> API.Change
    /// The form again, with everything that was typed, when there is one; nil: the problem gets a page of its own.
    var form: (@Sendable (Problem) async throws(Problem) -> Page)?
}

/// What a posted form leads to.
enum FormAnswer: Sendable {
    /// A page, nothing is to be done: a preview.
    case page(Page)
    case change(Mutation)
    /// Done already, because it changes nothing that could be planned.
    case done(message: String, goTo: String)
}
