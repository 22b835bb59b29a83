import PatchbayCore
import Testing

@Suite struct `Journals` {
    private func plan(_ id: String, steps: Int) -> Plan {
        Plan(
            id: id, host: "atlas", change: .prepare([]), title: id, basis: "",
            steps: (0..<steps).map { .loadModule("m\($0)") })
    }

    /// p-1 is applied; p-2 fails in its third step and is rolled back; p-3 is about to be undone when the power goes.
    private var story: [JournalEntry] {
        [
            .planned(plan("p-1", steps: 2)), .begin(plan: "p-1", index: 0),
            .done(plan: "p-1", index: 0, milliseconds: 1),
            .begin(plan: "p-1", index: 1), .done(plan: "p-1", index: 1, milliseconds: 1),
            .ended(plan: "p-1", .applied), .planned(plan("p-2", steps: 3)), .begin(plan: "p-2", index: 0),
            .done(plan: "p-2", index: 0, milliseconds: 1), .begin(plan: "p-2", index: 1),
            .done(plan: "p-2", index: 1, milliseconds: 1), .begin(plan: "p-2", index: 2),
            .beginUndo(plan: "p-2", index: 2), .undone(plan: "p-2", index: 2, milliseconds: 1),
            .beginUndo(plan: "p-2", index: 1), .undone(plan: "p-2", index: 1, milliseconds: 1),
            .beginUndo(plan: "p-2", index: 0), .undone(plan: "p-2", index: 0, milliseconds: 1),
            .ended(plan: "p-2", .rolledBack(Problem(.failed, "x"))), .planned(plan("p-3", steps: 1)),
            .begin(plan: "p-3", index: 0), .beginUndo(plan: "p-3", index: 0),
        ]
    }

    @Test func `tell after any line which plan is under way and which steps may stand`() {
        for length in 0...story.count {
            let prefix = story.prefix(length)
            let unfinished = unfinishedPlans(in: Array(prefix))
            guard let last = prefix.last, !prefix.isEmpty else {
                #expect(unfinished.isEmpty)
                continue
            }
            if case .ended = last {
                #expect(unfinished.isEmpty, "\(length)")
                continue
            }
            #expect(unfinished.map(\.plan.id) == [last.plan], "\(length)")
            let mine = prefix.filter { $0.plan == last.plan }
            #expect(
                unfinished.first?.begun
                    == mine.compactMap { if case .begin(_, let index) = $0 { index } else { nil } }, "\(length)")
            #expect(
                unfinished.first?.undone
                    == mine.compactMap { if case .undone(_, let index, _) = $0 { index } else { nil } }, "\(length)")
            #expect(
                unfinished.first?.isUndoing == mine.contains { if case .beginUndo = $0 { true } else { false } },
                "\(length)")
        }
    }

    @Test func `keep the order of plans, and one story a plan`() {
        let journal: [JournalEntry] = [
            .planned(plan("b", steps: 1)), .planned(plan("a", steps: 1)), .begin(plan: "b", index: 0),
            .planned(plan("b", steps: 1)), .begin(plan: "b", index: 0),
        ]
        let unfinished = unfinishedPlans(in: journal)
        #expect(unfinished.map(\.plan.id) == ["b", "a"])
        #expect(unfinished.map(\.begun) == [[0], []])
    }

    @Test func `pass over lines that belong to nothing`() {
        let journal: [JournalEntry] = [
            .begin(plan: "gone", index: 0), .undone(plan: "gone", index: 0, milliseconds: 1),
            .ended(plan: "gone", .applied), .planned(plan("p", steps: 1)), .begin(plan: "p", index: 7),
            .undone(plan: "p", index: 0, milliseconds: 1),
        ]
        #expect(
            unfinishedPlans(in: journal) == [
                UnfinishedPlan(plan: plan("p", steps: 1), begun: [], undone: [], isUndoing: true)
            ])
    }
}
