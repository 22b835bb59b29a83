import Hummingbird
import PatchbayAPI
import PatchbayCore

extension RESTDoor {
    func agent(_ call: RouteCall) async throws -> Response {
        let host = call.parameter(0)
        switch call.route {
        case .agentReport:
            try await control.report(try await reported(AgentProtocol.Report.self, call, isWhole: true), host: host)
        case .agentDomains:
            try await control.report(domains: try await reported([Domain].self, call, isWhole: false), host: host)
        case .agentUnreadable:
            try await control.unreadable(try await call.agentBody(Problem.self), host: host)
        case .agentWork:
            let seconds = try call.number("wait", in: 0...60) ?? 0
            return try .json(try await control.work(host: host, waitSeconds: seconds))
        case .agentProgress:
            try await control.progress(try await call.agentBody(AgentProtocol.Progress.self), host: host)
        case .agentAnswer:
            try await control.answer(
                try await call.bytes(upTo: BodyLimit.report), to: call.parameter(1), host: host)
        case .agentFailure:
            try await control.fail(
                call.parameter(1), because: try await call.agentBody(Problem.self), host: host)
        case .agentConsole:
            try await control.consoleOutput(
                try await call.bytes(), session: call.parameter(1), isEnd: try call.flag("end"), host: host)
        default: throw Problem.notServed(call.route)
        }
        return .nothing
    }

    /// What cannot be read is refused as what cannot be believed: the host's page says so.
    private func reported<Value: Decodable>(
        _ type: Value.Type, _ call: RouteCall, isWhole: Bool
    ) async throws -> Value {
        do { return try await call.agentBody(type) } catch let problem as Problem {
            await control.refuse(problem, of: call.parameter(0), isWhole: isWhole)
            throw problem
        }
    }
}
