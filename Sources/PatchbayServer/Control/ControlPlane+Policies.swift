import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    package func profiles() async throws(Problem) -> [API.Profile] {
        let fleet = try await view.fleet()
        return fleet.profiles.keys.sorted().compactMap { name in
            fleet.profiles[name].map { API.Profile($0.value, revision: fleet.revision(of: StateKey.profile(name))) }
        }
    }

    package func profile(_ name: String) async throws(Problem) -> API.Profile {
        let fleet = try await view.fleet()
        return API.Profile(try fleet.profile(name).value, revision: fleet.revision(of: StateKey.profile(name)))
    }

    package func deleteProfile(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await deciding(dryRun: dryRun) { context throws(Problem) in
            try PolicyDecider(context: context).deleteProfile(name)
        }
    }

    package func applyPolicy(_ draft: API.PolicyDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        let wish = try PolicyWish(draft)
        let change = try await deciding(dryRun: dryRun) { context throws(Problem) in
            try PolicyDecider(context: context).apply(wish)
        }
        return await sayingWhoIsOffline(change)
    }
}
