import HTTPTypes
import Hummingbird
import PatchbayAPI
import PatchbayCore

/// `/v1`: every route of the table, answered by the control plane.
struct RESTDoor: Sendable {
    let control: ControlPlane
    let replies = ReplyMemory()

    func add(to router: Router<PatchbayContext>) {
        for route in Route.allCases {
            router.on(RouterPath(route.pattern), method: route.httpMethod) { request, context in
                try await answer(RouteCall(route, request, context))
            }
        }
    }

    private func answer(_ call: RouteCall) async throws -> Response {
        // The answer to HEAD has no body: what streams one would wait for a reader.
        if call.request.method == .head, [.events, .console, .agentWork].contains(call.route) { return .nothing }
        // By the route that was found, whatever its path looked like.
        if call.context.session != nil {
            if call.route.isForAgents { throw RefusedRequest.notForBrowsers }
            if call.route.method != .get, !call.context.hasFormToken { throw Problem.noFormToken }
        }
        guard call.route.isMutation else { return try await perform(call) }
        let risk = try TakenRisk.said(allow: call["allow"], reason: call["reason"])
        return try await TakenRisk.$current.withValue(risk) {
            try await replies.once(call) { try await perform($0) }
        }
    }

    private func perform(_ call: RouteCall) async throws -> Response {
        switch call.route {
        case .status, .openAPI, .hosts, .host, .refreshHost, .examineHost, .survey, .usbDevices, .usbDevice, .devices,
            .device,
            .deviceByShortName, .groups, .group:
            try await inventory(call)
        case .prepareDevices, .releaseDevices, .returnDevices, .makePassthrough, .dropStored: try await devices(call)
        case .editHost, .removeHost, .acceptHost, .claims, .createClaim, .explainDraft, .claim, .releaseClaim,
            .renewClaim, .explainClaim,
            .whatIf:
            try await claims(call)
        case .pools, .createPool, .previewRules, .pool, .editPool, .deletePool: try await pools(call)
        case .applyPolicy, .profiles, .profile, .deleteProfile: try await policy(call)
        case .vms, .createVM, .vm, .deleteVM, .attach, .detach, .startVM, .stopVM, .restartVM, .explainVM,
            .confirmOff, .resetVM:
            try await vms(call)
        case .definition, .consoleLog, .console, .consoleInput, .consoleClose: try await console(call)
        case .plans, .plan, .undoPlan, .cancelPlan, .retryPlan, .resolvePlan: try await plans(call)
        case .events: try await events(call)
        case .agentReport, .agentDomains, .agentUnreadable, .agentWork, .agentBegin, .agentProgress, .agentAnswer,
            .agentFailure,
            .agentConsole:
            try await agent(call)
        }
    }
}

extension Route {
    /// What agents report and take away.
    var isForAgents: Bool { template.hasPrefix("/v1/agent/") }

    /// As the router takes it, `/v1/vms/:0`: parameters go by their place, because the router does not take two names at
    /// one place and `/v1/devices/{name}` and `/v1/devices/{host}/{address}` have them.
    var pattern: String {
        var count = 0
        return template.split(separator: "/").map { segment in
            guard segment.hasPrefix("{") else { return "/\(segment)" }
            defer { count += 1 }
            return "/:\(count)"
        }.joined()
    }

    var httpMethod: HTTPRequest.Method {
        switch method {
        case .get: .get
        case .put: .put
        case .post: .post
        case .patch: .patch
        case .delete: .delete
        }
    }
}
