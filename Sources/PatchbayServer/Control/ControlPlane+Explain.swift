import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    package func explain(_ draft: API.ClaimDraft) async throws(Problem) -> API.Explanation {
        let fleet = try await view.fleet()
        let now = now()
        let claim = try fleet.claim(from: draft, id: draft.id ?? "", at: now)
        return try await explaining { API.Explanation(fleet.explanation(of: claim, at: now)) { fleet.describe($0) } }
    }

    package func explainClaim(_ id: String) async throws(Problem) -> API.Explanation {
        let fleet = try await view.fleet()
        let claim = try fleet.claim(named: id)
        let guest = claim.owner.vm.flatMap { fleet.vms[$0]?.value.spec?.needs }
        let now = now()
        return try await explaining {
            API.Explanation(fleet.explanation(of: claim, guest: guest, at: now)) { fleet.describe($0) }
        }
    }

    /// What it has while it holds something; otherwise what it would get at its next start.
    package func explainVM(_ name: String) async throws(Problem) -> API.Explanation {
        let fleet = try await view.fleet()
        let vm = try fleet.vm(name)
        let claim =
            fleet.claim(of: name)
            ?? Claim(
                id: "", owner: .vm(name), requests: vm.requests,
                terms: ClaimTerms(hosts: HostConstraint(names: [vm.host])))
        let now = now()
        return try await explaining {
            API.Explanation(fleet.explanation(of: claim, guest: vm.spec?.needs, at: now)) { fleet.describe($0) }
        }
    }
}
