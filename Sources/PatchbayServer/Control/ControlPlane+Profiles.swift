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

    /// VMs that were made from it stay as they are.
    package func deleteProfile(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            _ = try fleet.profile(name)
            let message = dryRun ? "Would delete profile \(name)." : "Profile \(name) deleted."
            let answer = change([], dryRun: dryRun, subject: "profile \(name)", message: message)
            guard !dryRun else { return Decision(answer: answer, commit: nil) }
            var commit = try audited("profile.deleted", "profile \(name)", message)
            commit.require(unchanged: StateKey.profile(name), in: fleet)
            commit.delete(StateKey.profile(name))
            return Decision(answer: answer, commit: commit)
        }
    }
}
