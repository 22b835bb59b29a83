/// One line of an agent's journal; appended and fsynced before the thing it speaks of is touched.
package enum JournalEntry: Hashable, Codable, Sendable {
    /// The plan as it is about to be applied; always the first line of its story.
    case planned(Plan)
    /// Step number `index` of the plan is about to be performed.
    case begin(plan: String, index: Int)
    case done(plan: String, index: Int, milliseconds: Int)
    /// Step number `index` is about to be taken back.
    case beginUndo(plan: String, index: Int)
    case undone(plan: String, index: Int, milliseconds: Int)
    case ended(plan: String, PlanPhase)

    package var plan: String {
        switch self {
        case .planned(let plan): plan.id
        case .begin(let plan, _), .done(let plan, _, _), .beginUndo(let plan, _), .undone(let plan, _, _),
            .ended(let plan, _):
            plan
        }
    }
}
