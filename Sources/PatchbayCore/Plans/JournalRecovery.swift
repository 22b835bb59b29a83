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
package func unfinishedPlans(in journal: [JournalEntry]) -> [UnfinishedPlan] { [] }
