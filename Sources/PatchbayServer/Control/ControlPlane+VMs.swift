import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    package func vms() async throws(Problem) -> [API.VM] {
        let fleet = try await view.fleet()
        return fleet.allVMs.map(fleet.shown)
    }

    package func vm(_ name: String) async throws(Problem) -> API.VM {
        let fleet = try await view.fleet()
        return fleet.shown(try fleet.vm(name))
    }

    package func createVM(_ draft: API.VMDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            var profile: Profile?
            if let name = draft.profile { profile = try fleet.profile(name).value }
            let spec = try draft.spec(from: profile)
            try fleet.requireNoVM(spec.name)
            let requests = (profile?.requests ?? []).map(API.RequestDraft.init) + (draft.requests ?? [])
            let host = try fleet.home(draft, for: spec, asking: requests)
            var vm = VM(name: spec.name, host: host, origin: .managed(spec))
            for request in requests {
                let wish = try fleet.wish(request, for: vm)
                vm.requests.append(wish)
                vm.known += fleet.known(of: wish)
            }
            let made = vm
            let plan = try fleet.planner(for: host).plan(.define(spec), id: planID())
            return try turning(
                plan, in: fleet, dryRun: dryRun, kind: "vm.created",
                message: dryRun
                    ? "Would create VM \(spec.name) on \(host)." : "VM \(spec.name) is being defined on \(host).",
                findings: fleet.startWarning(made)
            ) { commit throws(Problem) in
                commit.require(unchanged: StateKey.vm(spec.name), in: fleet)
                if let profile { commit.require(unchanged: StateKey.profile(profile.name), in: fleet) }
                try commit.put(made, in: fleet)
            }
        }
        return await sayingWhoIsOffline(change)
    }

    package func deleteVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        let change = try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            try deleting(name, in: fleet, dryRun: dryRun)
        }
        return await sayingWhoIsOffline(change)
    }

    func deleting(_ name: String, in fleet: Fleet, dryRun: Bool) throws(Problem) -> Decision<API.Change> {
        let vm = try fleet.vm(name)
        try fleet.requireIdle(vm)
        guard case .managed(let spec) = vm.origin else { return try forgetting(vm, in: fleet, dryRun: dryRun) }
        let plan = try fleet.planner(for: vm.host).plan(.undefine(spec), id: planID())
        return try turning(
            plan, in: fleet, dryRun: dryRun, kind: "vm.deleted",
            message: dryRun
                ? "Would remove the definition of \(name)." : "The definition of \(name) is being removed.",
            forgetting: vm
        ) { commit throws(Problem) in
            commit.require(unchanged: StateKey.vm(name), in: fleet)
        }
    }

    /// An adopted VM is the hypervisor's; all that is ours is what it asks for.
    private func forgetting(_ vm: VM, in fleet: Fleet, dryRun: Bool) throws(Problem) -> Decision<API.Change> {
        guard fleet.vms[vm.name] != nil else {
            throw Problem(
                .notAssignable,
                "\"\(vm.name)\" was not created by Patchbay, so Patchbay does not remove its definition.",
                next: ["Remove it with the tool that created it, for example:  virsh undefine \(vm.name)"])
        }
        let message =
            dryRun
            ? "Would forget the requests of \(vm.name); its definition stays."
            : "Forgot the requests of \(vm.name); its definition stays."
        let answer = self.change([], dryRun: dryRun, subject: "vm \(vm.name)", message: message)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        var commit = try audited("vm.forgotten", "vm \(vm.name)", message)
        commit.require(unchanged: StateKey.vm(vm.name), in: fleet)
        commit.require(unchanged: StateKey.turn(vm.name), in: fleet)
        commit.delete(StateKey.vm(vm.name))
        return Decision(answer: answer, commit: commit)
    }

    /// The decision to queue a plan that is a VM's turn.
    func turning(
        _ plan: Plan, in fleet: Fleet, dryRun: Bool, kind: String, message: String, findings: [Finding] = [],
        claimBefore: Claim? = nil, forgetting vm: VM? = nil, _ more: (inout Commit) throws(Problem) -> Void
    ) throws(Problem) -> Decision<API.Change> {
        let name = Fleet.vm(of: plan.change) ?? plan.title
        var record = PlanRecord(plan: plan, actor: Caller.current, createdAt: now())
        record.claimBefore = claimBefore
        record.forgets = vm
        let answer = self.change([record], dryRun: dryRun, subject: "vm \(name)", message: message, findings: findings)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        var commit = try audited(kind, "vm \(name)", [plan].sentence(after: message))
        try commit.queue(record, in: fleet)
        try more(&commit)
        return Decision(answer: answer, commit: commit)
    }
}
