import PatchbayCore

/// Plans and events.
package struct PlanEndpoints: Sendable {
    package let plans = Endpoint(
        .get, "/v1/plans", "List plans, newest first", query: [Query.host],
        answer: .list(by: { (plan: API.Plan) in plan.id }), statuses: [404]
    ) { try await $0.plans(host: try $1[Query.host]) }

    package let plan = Endpoint(
        .get, "/v1/plans/{plan}", "Show a plan and how it went", answer: .json(API.Plan.self)
    ) { try await $0.plan($1.name) }

    package let undoPlan = Endpoint(
        .post, "/v1/plans/{plan}/undo", "Make and queue a plan that undoes this one", answer: .change
    ) { try await $0.undoPlan($1.name, dryRun: $1.dryRun) }

    package let cancelPlan = Endpoint(
        .post, "/v1/plans/{plan}/cancel", "Withdraw a queued plan, or stop and roll back a running one",
        answer: .change
    ) { try await $0.cancelPlan($1.name, dryRun: $1.dryRun) }

    package let retryPlan = Endpoint(
        .post, "/v1/plans/{plan}/retry", "Repeat what a failed or cancelled plan was to do", answer: .change
    ) { try await $0.retryPlan($1.name, dryRun: $1.dryRun) }

    package let resolvePlan = Endpoint(
        .post, "/v1/plans/{plan}/resolve", "Close a stuck plan after manual cleanup",
        body: .json(example: API.Statement(reason: "card replaced")), answer: .change
    ) { try await $0.resolvePlan($1.name, $1.body, dryRun: $1.dryRun) }

    package let events = Endpoint(
        .get, "/v1/events", "List past events, newest first, or stream new ones",
        query: [Query.eventLimit, Query.follow, Query.afterEvent], answer: .events
    ) { service, call in
        let wantsStream = call.request.header("Accept")?.contains("text/event-stream") == true
        guard try call[Query.follow] ?? false || wantsStream else {
            return .past(try await service.events(limit: try call[Query.eventLimit] ?? 100))
        }
        return .stream(try await service.eventStream(after: try lastEventID(call.request) ?? call[Query.afterEvent]))
    }

    /// Wins over the query: a browser that connects again sends the query of its first request with it.
    private static func lastEventID(_ request: EndpointRequest) throws(Problem) -> Int? {
        guard let text = request.header("Last-Event-ID"), !text.isEmpty else { return nil }
        guard let id = Int(text), id >= 0 else {
            throw Problem(
                .malformedInput, "Last-Event-ID is \"\(text)\".", next: ["Send the ID of the last event received."])
        }
        return id
    }
}
