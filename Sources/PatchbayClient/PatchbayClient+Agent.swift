import NIOCore
import PatchbayAPI
import PatchbayCore

/// The paths are those of `AgentProtocol`.
extension PatchbayClient: AgentLink {
    package func report(_ report: AgentProtocol.Report, host: String) async throws(Problem) {
        try await bytes(Endpoint(.agentReport, host), body: try Payload(report))
    }
    package func report(domains: [Domain], host: String) async throws(Problem) {
        try await bytes(Endpoint(.agentDomains, host), body: try Payload(domains))
    }
    package func unreadable(_ problem: Problem, host: String) async throws(Problem) {
        try await bytes(Endpoint(.agentUnreadable, host), body: try Payload(problem))
    }
    package func work(host: String, waitSeconds: Int) async throws(Problem) -> [AgentProtocol.Work] {
        try await value(
            Endpoint(.agentWork, host, query: [("wait", String(waitSeconds))]),
            seconds: Int64(waitSeconds) + 30)
    }
    package func begin(_ plan: Plan, host: String) async throws(Problem) {
        try await bytes(Endpoint(.agentBegin, host, plan.id), body: try Payload(plan))
    }
    package func progress(_ progress: AgentProtocol.Progress, host: String) async throws(Problem) {
        try await bytes(Endpoint(.agentProgress, host), body: try Payload(progress))
    }
    package func answer(_ bytes: [UInt8], to question: String, host: String) async throws(Problem) {
        try await self.bytes(Endpoint(.agentAnswer, host, question), body: Payload(bytes: bytes))
    }
    package func fail(_ question: String, because problem: Problem, host: String) async throws(Problem) {
        try await bytes(Endpoint(.agentFailure, host, question), body: try Payload(problem))
    }
    package func consoleOutput(
        _ bytes: [UInt8], session: String, isEnd: Bool, host: String
    ) async throws(Problem) {
        try await self.bytes(
            Endpoint(.agentConsole, host, session, query: [("end", isEnd ? "true" : nil)]),
            body: Payload(bytes: bytes))
    }
}
