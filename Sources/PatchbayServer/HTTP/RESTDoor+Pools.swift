import HTTPTypes
import Hummingbird
import PatchbayAPI
import PatchbayCore

extension RESTDoor {
    func pools(_ call: RouteCall) async throws -> Response {
        switch call.route {
        case .pools: return try Page(try await control.pools(), call, key: \.name).response
        case .createPool:
            let draft = try await call.body(API.PoolDraft.self)
            return try .json(try await control.createPool(draft, dryRun: try call.dryRun))
        case .previewRules:
            return try .json(try await control.previewRules(try await call.body(API.RulePreviewRequest.self)))
        case .pool:
            let pool = try await control.pool(call.parameter(0))
            return try Response.json(pool).tagged(pool.revision)
        case .editPool:
            let draft = try await call.body(API.PoolDraft.self)
            return try .json(
                try await control.editPool(
                    call.parameter(0), draft, revision: try call.expectedRevision(), dryRun: try call.dryRun))
        case .deletePool:
            return try await expecting(call, StateKey.pool(call.parameter(0))) {
                try .json(try await control.deletePool(call.parameter(0), dryRun: try call.dryRun))
            }
        default: throw Problem.notServed(call.route)
        }
    }

    /// Performs a mutation only if the thing is still as the `If-Match` header says.
    func expecting(
        _ call: RouteCall, _ key: String, _ perform: () async throws -> Response
    ) async throws -> Response {
        guard let revision = try call.expectedRevision() else { return try await perform() }
        return try await Expectation.$current.withValue(Expectation(key: key, revision: revision)) {
            try await perform()
        }
    }
}

extension Response {
    /// With an ETag, for `If-Match` later.
    func tagged(_ revision: Int) -> Response {
        var response = self
        response.headers[.eTag] = "\"\(revision)\""
        return response
    }
}
