import PatchbayAPI

/// History, differences, progress, undo.
struct PlanListPage: Sendable, Hashable {
    let rows: [PlanRow]
    let isEmpty: Bool
    let hasRows: Bool

    init(_ plans: [API.Plan], now: Int) {
        self.rows = plans.map { PlanRow($0, now: now) }
        self.hasRows = !rows.isEmpty
        self.isEmpty = plans.isEmpty
    }
}
