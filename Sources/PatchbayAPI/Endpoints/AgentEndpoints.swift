import PatchbayCore

/// What agents report and take away: `AgentLink` over HTTP.
package struct AgentEndpoints: Sendable {
    package let agentReport = Endpoint(
        .put, "/v1/agent/{host}/report",
        "Agent: report inventory and guests of its host, and the plans that ended before that reading",
        body: .agent(AgentProtocol.Report.self), answer: .nothing, callers: .agents, refused: refusal(isWhole: true)
    ) { try await $0.report($1.body, host: $1.name) }

    package let agentDomains = Endpoint(
        .put, "/v1/agent/{host}/domains", "Agent: report guests only",
        body: .agent([Domain].self), answer: .nothing, callers: .agents, refused: refusal(isWhole: false)
    ) { try await $0.report(domains: $1.body, host: $1.name) }

    package let agentUnreadable = Endpoint(
        .put, "/v1/agent/{host}/unreadable", "Agent: report why its host cannot be read",
        body: .agent(Problem.self), answer: .nothing, callers: .agents
    ) { try await $0.unreadable($1.body, host: $1.name) }

    package let agentWork = Endpoint(
        .get, "/v1/agent/{host}/work", "Agent: wait for work", query: [Query.wait], answer: .work, callers: .agents,
        longPoll: Query.wait
    ) { try await $0.work(host: $1.name, waitSeconds: try $1[Query.wait] ?? 0) }

    package let agentBegin = Endpoint(
        .post, "/v1/agent/{host}/plans/{plan}/begin",
        "Agent: ask whether a plan may be started; 409 if it was cancelled or planned again",
        body: .agent(Plan.self), answer: .nothing, callers: .agents
    ) { service, call in
        guard call.body.id == call.part else {
            throw Problem(
                .malformedInput, "The plan is \(call.body.id), not \(call.part).",
                next: ["Send the plan that the path names."])
        }
        try await service.begin(call.body, host: call.name)
    }

    package let agentProgress = Endpoint(
        .post, "/v1/agent/{host}/progress", "Agent: report the progress of a plan",
        body: .agent(AgentProtocol.Progress.self), answer: .nothing, callers: .agents
    ) { try await $0.progress($1.body, host: $1.name) }

    package let agentAnswer = Endpoint(
        .post, "/v1/agent/{host}/answers/{question}", "Agent: answer a question",
        body: .bytes(upTo: BodyLimit.report), answer: .nothing, callers: .agents
    ) { try await $0.answer($1.body, to: $1.part, host: $1.name) }

    package let agentFailure = Endpoint(
        .post, "/v1/agent/{host}/failures/{question}", "Agent: report why a question cannot be answered",
        body: .agent(Problem.self), answer: .nothing, callers: .agents
    ) { try await $0.fail($1.part, because: $1.body, host: $1.name) }

    package let agentConsole = Endpoint(
        .post, "/v1/agent/{host}/console/{session}", "Agent: send console output", query: [Query.end],
        body: .bytes(upTo: BodyLimit.request), answer: .nothing, callers: .agents
    ) {
        try await $0.consoleOutput($1.body, session: $1.part, isEnd: try $1[Query.end] ?? false, host: $1.name)
    }

    /// A report that cannot be read is refused as one that cannot be believed: the host's page says so.
    private static func refusal(isWhole: Bool) -> @Sendable (any EndpointService, String, Problem) async throws -> Void
    {
        { service, host, problem in
            try await service.admit(host)
            await service.refuse(problem, of: host, isWhole: isWhole)
        }
    }
}
