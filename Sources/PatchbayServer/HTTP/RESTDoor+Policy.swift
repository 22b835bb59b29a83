import Hummingbird
import PatchbayAPI
import PatchbayCore

extension RESTDoor {
    func policy(_ call: RouteCall) async throws -> Response {
        let name = call.parameter(0)
        switch call.route {
        case .applyPolicy:
            let draft = try await call.body(API.PolicyDraft.self)
            return try .json(try await control.applyPolicy(draft, dryRun: try call.dryRun))
        case .profiles: return try Page(try await control.profiles(), call, key: \.name).response
        case .profile:
            let profile = try await control.profile(name)
            return try Response.json(profile).tagged(profile.revision)
        case .deleteProfile:
            return try await expecting(call, StateKey.profile(name)) {
                try .json(try await control.deleteProfile(name, dryRun: try call.dryRun))
            }
        default: throw Problem.notServed(call.route)
        }
    }
}
