import PatchbayAPI
import PatchbayCore

/// What ends or answers for what hangs.
extension FakeService {
    func cancelPlan(_ id: String, dryRun: Bool) throws(Problem) -> API.Change { try mutate("cancel \(id)", dryRun) }
    func retryPlan(_ id: String, dryRun: Bool) throws(Problem) -> API.Change { try mutate("retry \(id)", dryRun) }
    func resolvePlan(_ id: String, _ statement: API.Statement, dryRun: Bool) throws(Problem) -> API.Change {
        try mutate("resolve \(id) because \(statement.reason)", dryRun)
    }
    func resetVM(_ name: String, dryRun: Bool) throws(Problem) -> API.Change { try mutate("reset \(name)", dryRun) }
    func confirmOff(_ name: String, _ statement: API.Statement, dryRun: Bool) throws(Problem) -> API.Change {
        try mutate("confirm-off \(name) because \(statement.reason)", dryRun)
    }
    func removeHost(_ name: String, dryRun: Bool) throws(Problem) -> API.Change {
        try mutate("remove-host \(name)\(risk)", dryRun)
    }
    func acceptHost(_ name: String, dryRun: Bool) throws(Problem) -> API.Change {
        try mutate("accept-host \(name)", dryRun)
    }
    private var risk: String {
        TakenRisk.current.map { " in spite of \($0.allow), because \($0.reason)" } ?? ""
    }
}
