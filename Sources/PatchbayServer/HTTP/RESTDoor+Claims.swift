import Hummingbird
import PatchbayAPI
import PatchbayCore

extension RESTDoor {
    func claims(_ call: RouteCall) async throws -> Response {
        let name = call.parameter(0)
        switch call.route {
        case .claims:
            let query = API.ClaimQuery(phase: try call.choice("phase"), owner: call["owner"], tenant: call["tenant"])
            return try Page(try await control.claims(query), call, key: \.id).response
        case .claim:
            let claim = try await control.claim(name)
            return try Response.json(claim).tagged(claim.revision)
        case .createClaim:
            let draft = try await call.body(API.ClaimDraft.self)
            return try .json(try await control.createClaim(draft, dryRun: try call.dryRun))
        case .explainDraft:
            return try .json(try await control.explain(try await call.body(API.ClaimDraft.self)))
        case .explainClaim: return try .json(try await control.explainClaim(name))
        case .whatIf: return try .json(try await control.whatIf(try await call.body(API.WhatIf.self)))
        case .releaseClaim:
            return try await expecting(call, StateKey.claim(name)) {
                try .json(try await control.releaseClaim(name, dryRun: try call.dryRun))
            }
        case .renewClaim:
            return try await expecting(call, StateKey.claim(name)) {
                let request = try await call.body(API.RenewRequest.self, default: API.RenewRequest())
                return try .json(try await control.renewClaim(name, request, dryRun: try call.dryRun))
            }
        case .editHost:
            return try await expecting(call, StateKey.settings(name)) {
                let draft = try await call.body(API.HostSettingsDraft.self)
                return try .json(try await control.editHost(name, draft, dryRun: try call.dryRun))
            }
        case .removeHost: return try .json(try await control.removeHost(name, dryRun: try call.dryRun))
        case .acceptHost: return try .json(try await control.acceptHost(name, dryRun: try call.dryRun))
        default: throw Problem.notServed(call.route)
        }
    }
}
