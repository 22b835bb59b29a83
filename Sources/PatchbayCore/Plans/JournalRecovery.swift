/// What an agent has to do about an unfinished plan it finds in its journal.
package struct UnfinishedPlan: Hashable, Sendable {
    package var plan: Plan
    /// Begun steps in the order they were begun; the last one may or may not have happened.
    package var begun: [Int]
    /// Steps whose undo was completed.
    package var undone: [Int]
    /// True when taking back had started before the crash.
    package var isUndoing: Bool
    package init(plan: Plan, begun: [Int], undone: [Int], isUndoing: Bool) {
        self.plan = plan
        self.begun = begun
        self.undone = undone
        self.isUndoing = isUndoing
    }
}

/// Plans that were begun and have no `ended` line, in journal order.
///
/// A journal can end after any line. Lines about a plan whose first line is not there, and about steps that the plan
/// does not have, say nothing that could be acted on and are passed over.
package func unfinishedPlans(in journal: [JournalEntry]) -> [UnfinishedPlan] {
    var order: [String] = []
    var stories: [String: UnfinishedPlan] = [:]
    for entry in journal {
        switch entry {
        case .planned(let plan):
            guard stories[plan.id] == nil else { continue }
            stories[plan.id] = UnfinishedPlan(plan: plan, begun: [], undone: [], isUndoing: false)
            order.append(plan.id)
        case .begin(let plan, let index): stories[plan]?.begin(index)
        case .done: continue
        case .beginUndo(let plan, _): stories[plan]?.isUndoing = true
        case .undone(let plan, let index, _): stories[plan]?.finishUndo(index)
        case .ended(let plan, _):
            stories[plan] = nil
            order.removeAll { $0 == plan }
        }
    }
    return order.compactMap { stories[$0] }
}

extension UnfinishedPlan {
    fileprivate mutating func begin(_ index: Int) {
        if plan.steps.indices.contains(index), !begun.contains(index) { begun.append(index) }
    }

    fileprivate mutating func finishUndo(_ index: Int) {
        isUndoing = true
        if begun.contains(index), !undone.contains(index) { undone.append(index) }
    }
}
