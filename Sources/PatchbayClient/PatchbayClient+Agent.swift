import PatchbayAPI
import PatchbayCore

extension PatchbayClient: AgentLink {
    package func report(_ report: AgentProtocol.Report, host: String) async throws(Problem) {
        try await ask(Endpoints.agents.agentReport, host, body: report)
    }
    package func report(domains: [Domain], host: String) async throws(Problem) {
        try await ask(Endpoints.agents.agentDomains, host, body: domains)
    }
    package func unreadable(_ problem: Problem, host: String) async throws(Problem) {
        try await ask(Endpoints.agents.agentUnreadable, host, body: problem)
    }
    package func work(host: String, waitSeconds: Int) async throws(Problem) -> [AgentProtocol.Work] {
        try await ask(
            Endpoints.agents.agentWork, host, query: [Query.wait(waitSeconds)], seconds: Int64(waitSeconds) + 30)
    }
    package func begin(_ plan: Plan, host: String) async throws(Problem) {
        try await ask(Endpoints.agents.agentBegin, host, plan.id, body: plan)
    }
    package func progress(_ progress: AgentProtocol.Progress, host: String) async throws(Problem) {
        try await ask(Endpoints.agents.agentProgress, host, body: progress)
    }
    package func answer(_ bytes: [UInt8], to question: String, host: String) async throws(Problem) {
        try await ask(Endpoints.agents.agentAnswer, host, question, body: bytes)
    }
    package func fail(_ question: String, because problem: Problem, host: String) async throws(Problem) {
        try await ask(Endpoints.agents.agentFailure, host, question, body: problem)
    }
    package func consoleOutput(
        _ bytes: [UInt8], session: String, isEnd: Bool, host: String
    ) async throws(Problem) {
        try await ask(
            Endpoints.agents.agentConsole, host, session, query: [Query.end(isEnd ? true : nil)], body: bytes)
    }
}
