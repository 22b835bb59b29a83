import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    package func attach(
        _ request: API.AttachRequest, to name: String, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            var vm = try fleet.vm(name)
            let wish = try fleet.wish(request, for: vm)
            vm.requests.append(wish)
            vm.known += fleet.known(of: wish)
            var findings: [Finding] = [.guestDriver(name)]
            var tried: [Plan] = []
            if case .device(let id) = wish.target { tried = try fleet.handingOver([id], accepting: takenRisks) }
            findings += tried.flatMap(\.findings)
            findings += fleet.shortage(of: wish, in: vm)
            if let now = try hotplugging(wish, into: vm, in: fleet, dryRun: dryRun, findings: findings) { return now }
            findings += fleet.missingController(for: wish, in: vm) + fleet.nothingToPlugIn(for: wish, in: vm)
            return try asking(
                vm, in: fleet, dryRun: dryRun, kind: "vm.attached",
                message: tried.sentence(
                    after: "\(name) \(dryRun ? "would request" : "requests") \(wish.words) as \(wish.name)."),
                findings: findings)
        }
    }

    package func detach(
        _ request: API.DetachRequest, from name: String, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await deciding { fleet throws(Problem) -> Decision<API.Change> in
            let detachment = try Detachment(request, from: try fleet.vm(name), in: fleet)
            let now = try hotUnplugging(
                detachment.leaving ?? [], from: detachment.after, in: fleet, dryRun: dryRun,
                message: detachment.message(dryRun: dryRun, isNow: true), findings: detachment.findings)
            if let now { return now }
            return try asking(
                detachment.after, in: fleet, dryRun: dryRun, kind: "vm.detached",
                message: detachment.message(dryRun: dryRun), findings: detachment.findings)
        }
    }

    /// Keeps what a VM asks for from its next start on.
    private func asking(
        _ vm: VM, in fleet: Fleet, dryRun: Bool, kind: String, message: String, findings: [Finding] = []
    ) throws(Problem) -> Decision<API.Change> {
        var after = fleet
        after.vms[vm.name] = Kept(value: vm, revision: fleet.revision)
        let isPending = after.isRestartPending(vm)
        let told = findings + (isPending ? [.restartPending(vm.name)] : [])
        let answer = self.change([], dryRun: dryRun, subject: "vm \(vm.name)", message: message, findings: told)
        guard !dryRun else { return Decision(answer: answer, commit: nil) }
        var commit = try audited(kind, "vm \(vm.name)", message)
        commit.require(unchanged: StateKey.vm(vm.name), in: fleet)
        if fleet.vms[vm.name] == nil { commit.require(.present(StateKey.domains(vm.host))) }
        try commit.put(vm, in: fleet)
        return Decision(answer: answer, commit: commit)
    }
}

extension Commit {
    /// A VM with what it asks for, so that nobody deletes one of its pools at this moment.
    mutating func put(_ vm: VM, in fleet: Fleet) throws(Problem) {
        for case .pool(let pool) in vm.requests.map(\.target) where fleet.pools[pool] != nil {
            require(unchanged: StateKey.pool(pool), in: fleet)
            try put(StateKey.askers(pool), vm.name)
        }
        var vm = vm
        vm.forgetUnasked()
        try put(StateKey.vm(vm.name), vm)
    }
}

extension Request {
    /// `2 of pool gpus`, `atlas/41:00.0`
    fileprivate var words: String {
        switch target {
        case .pool(let pool): "\(count) of pool \(pool)"
        case .device(let id): id.short
        }
    }
}
