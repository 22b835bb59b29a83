import PatchbayAPI
import PatchbayCore
import PatchbayText

extension Fleet {
    /// The host for a new VM: the one that is named, the only one there is, or among several the one where it would be
    /// placed now with all it asks for. Nothing is held for it: that is decided anew when it starts.
    func home(
        _ draft: API.VMDraft, for spec: GuestSpec, asking drafts: [API.RequestDraft]
    ) throws(Problem) -> String {
        let all = hosts.keys.filter { hosts[$0]?.inventory != nil }.sorted()
        if let wanted = draft.host {
            guard draft.labels?.isEmpty != false else {
                throw Problem(
                    .malformedInput, "\"host\" and \"labels\" exclude each other.",
                    next: ["Name a host, or the labels that it must have."])
            }
            guard all.contains(wanted) else { throw unknownHost(wanted) }
            return wanted
        }
        guard let first = all.first else {
            throw Problem(
                .malformedInput, "There are no hosts yet.",
                next: [NextStep("Run the agent on a host", .connectAgent)])
        }
        let wish = try wish(draft, spec, drafts)
        if all.count == 1, wish.hosts == .any { return first }
        do throws(NoPlace) { return try placement.place(wish).host } catch {
            throw LateRefusal.refuse { noHome(for: spec, wish, named: first) }
        }
    }

    private func wish(
        _ draft: API.VMDraft, _ spec: GuestSpec, _ drafts: [API.RequestDraft]
    ) throws(Problem) -> PlacementWish {
        var requests: [Request] = []
        for wanted in drafts { requests.append(try wish(wanted, besides: requests, of: "\"\(spec.name)\"")) }
        for (name, value) in (draft.labels ?? [:]).sorted(by: { $0.key < $1.key }) { try LabelWords.check(name, value) }
        return PlacementWish(
            requests: requests, hosts: HostConstraint(labels: draft.labels ?? [:]), strategy: draft.strategy ?? .pack,
            guest: spec.needs)
    }

    private func noHome(for spec: GuestSpec, _ wish: PlacementWish, named host: String) -> Problem {
        let owner = Claim(id: "", owner: .vm(spec.name), requests: [])
        let explanation = Explainer(wish, in: placement, world: world(for: owner)).explain()
        return Problem(
            .noFit, "No host can run VM \(spec.name) now.",
            evidence: explanation.hosts.prefix(20).compactMap { fit in
                fit.reason.map { "\(fit.host): \($0.sentence)" }
            },
            next: explanation.fixes.prefix(Self.mostFixes).map(\.step) + [
                wish.hosts.labels.isEmpty
                    ? NextStep("Or choose the host yourself, where the VM waits in the queue: --host \(host)")
                    : NextStep(
                        "Or choose the host yourself instead of by labels; the VM waits in the queue there: --host \(host)"
                    )
            ])
    }
}
