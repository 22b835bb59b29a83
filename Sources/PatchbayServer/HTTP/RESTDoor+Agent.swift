import HTTPTypes
import Hummingbird
import PatchbayAPI
import PatchbayCore

extension RESTDoor {
    /// Who calls is in the headers of every call.
    func agent(_ call: RouteCall) async throws -> Response {
        let headers = call.request.headers
        let identity = AgentIdentity(id: headers[.agentID], machine: headers[.agentMachine])
        return try await AgentIdentity.$current.withValue(identity) { try await perform(agent: call) }
    }

    private func perform(agent call: RouteCall) async throws -> Response {
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
            var response = try Response.json(try await work(call, host: host, waitSeconds: seconds))
            // Noticing that the other end closes uses the connection up.
            if seconds > 0 { response.headers[.connection] = "close" }
            return response
        case .agentBegin:
            let plan = try await call.agentBody(Plan.self)
            guard plan.id == call.parameter(1) else {
                throw Problem(
                    .malformedInput, "The plan is \(plan.id), not \(call.parameter(1)).",
                    next: ["Send the plan that the path names."])
            }
            try await control.begin(plan, host: host)
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

    /// An agent whose connection is closed while it waits is away at once, however long its last call is ago.
    private func work(_ call: RouteCall, host: String, waitSeconds: Int) async throws -> [AgentProtocol.Work] {
        guard waitSeconds > 0 else { return try await control.work(host: host, waitSeconds: 0) }
        do {
            return try await call.request.body.consumeWithCancellationOnInboundClose { _ in
                try await control.work(host: host, waitSeconds: waitSeconds)
            }
        } catch is CancellationError {
            return []
        }
    }

    /// What cannot be read is refused as what cannot be believed: the host's page says so.
    private func reported<Value: Decodable>(
        _ type: Value.Type, _ call: RouteCall, isWhole: Bool
    ) async throws -> Value {
        do { return try await call.agentBody(type) } catch let problem as Problem {
            try await control.admit(call.parameter(0))
            await control.refuse(problem, of: call.parameter(0), isWhole: isWhole)
            throw problem
        }
    }
}
