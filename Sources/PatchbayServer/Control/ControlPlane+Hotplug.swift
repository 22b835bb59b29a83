import PatchbayAPI
import PatchbayCore
import PatchbayStore

/// What follows when a device of a running VM is pulled from its host, or plugged in again.
extension ControlPlane {
    /// A device that was pulled and is plugged in again goes back into the guest that has it by its claim.
    func plugInAgain(on host: String) async throws(Problem) {
        for claim in try await view.fleet().claimsToPlugIn(on: host, at: now()).map(\.id) {
            _ = try await deciding(dryRun: false) { context throws(Problem) -> Decision<Void> in
                let (fleet, vms) = (context.fleet, VMDecider(context: context))
                guard let found = fleet.claimsToPlugIn(on: host, at: now()).first(where: { $0.id == claim }) else {
                    return Decision(answer: (), commit: nil)
                }
                let plan = try fleet.planner(for: host, accepting: []).plan(
                    .hotplug(vm: found.vm, claim: claim, units: found.units), id: vms.planID())
                let names = found.units.map { DeviceID(host: host, key: $0.primary).short }.listed
                let decision = try vms.turning(
                    plan, kind: "vm.plugged-again",
                    message: "\(names) was plugged in again; it is being attached to \(found.vm) again.",
                    claimBefore: fleet.claims[claim]
                ) { commit throws(Problem) in
                    commit.require(unchanged: StateKey.claim(claim), in: fleet)
                }
                return Decision(answer: (), commit: decision.commit)
            }
        }
    }

    /// What was pulled leaves the guest as well, unless it comes back at once, as a device does that starts its own new
    /// firmware: libvirt and QEMU do not notice, and the guest goes on seeing a device that does not answer.
    package func removePulled() async throws(Problem) {
        for host in try await view.fleet().hostsWithPulledDevices {
            guard await agents.contact(of: host).isConnected else { continue }
            let seen = try await view.fleet().pulled(on: host)
            let certain = await agents.pulled(
                seen.flatMap { $0.units.map(\.primary) }, for: Self.pulledPatience, on: host)
            for claim in seen where claim.units.contains(where: { certain.contains($0.primary) }) {
                try await removePulled(of: claim.id, on: host, certain)
            }
        }
    }

    /// Milliseconds.
    private static let pulledPatience = 3000

    private func removePulled(
        of claim: String, on host: String, _ certain: Set<DeviceKey>
    ) async throws(Problem) {
        _ = try await deciding(dryRun: false) { context throws(Problem) -> Decision<Void> in
            let (fleet, vms) = (context.fleet, VMDecider(context: context))
            let found = fleet.pulled(on: host).first { $0.id == claim }
            let units = (found?.units ?? []).filter { certain.contains($0.primary) }
            guard let found, !units.isEmpty else { return Decision(answer: (), commit: nil) }
            let plan = try fleet.planner(for: host, accepting: []).plan(
                .surpriseRemoval(vm: found.vm, claim: claim, units: units), id: vms.planID())
            let names = units.map { DeviceID(host: host, key: $0.primary).short }.listed
            let decision = try vms.turning(
                plan, kind: "vm.device-pulled",
                message: "\(names) was unplugged from \(host); \(found.vm) loses it until it is plugged in again.",
                claimBefore: fleet.claims[claim]
            ) { commit throws(Problem) in
                commit.require(unchanged: StateKey.claim(claim), in: fleet)
            }
            return Decision(answer: (), commit: decision.commit)
        }
    }
}

extension Fleet {
    /// Sorted.
    fileprivate var hostsWithPulledDevices: [String] {
        hosts.filter { $0.value.domains?.contains { !$0.pulledDevices.isEmpty } ?? false }.map(\.key).sorted()
    }

    /// Claims of running guests with devices that they had and that are on the host no more, with no plan under way. Sorted.
    fileprivate func pulled(on host: String) -> [(id: String, vm: String, units: [DeviceUnit])] {
        attached(on: host) { unit, inventory, domain in
            !inventory.has(unit.primary) && domain.pulledDevices.contains(unit.primary)
        }
    }

    /// Claims of running guests with devices that are there and not in the guest, with no plan under way. One that failed a
    /// moment ago is left alone for a while. Sorted.
    fileprivate func claimsToPlugIn(
        on host: String, at now: Int
    ) -> [(id: String, vm: String, units: [DeviceUnit])] {
        let plans = hosts[host].map { Array($0.plans.values) } ?? []
        return attached(on: host) { unit, inventory, domain in
            // One that its definition names and that it was not seen to lose is gone with the guest, or was taken out by somebody.
            inventory.has(unit.primary) && !domain.liveDevices.contains(unit.primary)
                && (!domain.pulledDevices.isEmpty || !domain.definedDevices.contains(unit.primary))
        }.filter { claim in
            !plans.contains { $0.hasFailedToPlug(claim.id, since: now - Self.plugAgainAfter) }
        }
    }

    /// Claims of running guests with those of their hot-pluggable units for which that holds, with no plan under way. Sorted.
    private func attached(
        on host: String, where isWanted: (DeviceUnit, Inventory, Domain) -> Bool
    ) -> [(id: String, vm: String, units: [DeviceUnit])] {
        guard let state = hosts[host], let inventory = state.inventory, let domains = state.domains else { return [] }
        return state.claims.values.compactMap { claim in
            guard claim.phase == .attached, let vm = claim.owner.vm, turn(of: vm) == nil,
                let domain = domains.first(where: { $0.name == vm }), domain.state == .running
            else { return nil }
            let units = claim.units.map(\.unit).filter { unit in
                unit.primary.kind.type.canBeHotplugged && isWanted(unit, inventory, domain)
            }
            return units.isEmpty ? nil : (claim.id, vm, units)
        }.sorted { $0.id < $1.id }
    }

    /// Milliseconds.
    private static let plugAgainAfter = 60_000
}

extension PlanRecord {
    fileprivate func hasFailedToPlug(_ claim: String, since: Int) -> Bool {
        guard case .hotplug(_, claim, _) = plan.change, case .rolledBack = phase, let endedAt else { return false }
        return endedAt >= since
    }
}

extension Commit {
    /// Applied: the guest has them. Rolled back: nobody has what it would have had in addition, and it is not asked for any more.
    mutating func concludeHotplug(_ claim: Claim?, _ record: PlanRecord, in fleet: Fleet) throws(Problem) {
        guard let claim else { return }
        switch record.phase {
        case .applied:
            if claim.phase != .attached { try move(claim, to: Claim.State.attached) }
            try noteDevices(of: claim, knowing: claim.units, in: fleet)
        case .rolledBack:
            let units = record.claimBefore?.units ?? []
            try forget(claim.units.filter { !units.contains($0) }.map(\.request), of: claim, in: fleet)
            guard let before = record.claimBefore else { return try release(claim, in: fleet) }
            if claim.units != before.units { try restore(before, insteadOf: claim, in: fleet) }
        case .stuck, .queued, .running, .undoing: break
        }
    }

    /// The VM does not ask for that any more.
    private mutating func forget(_ requests: [String], of claim: Claim, in fleet: Fleet) throws(Problem) {
        guard !requests.isEmpty, var vm = claim.owner.vm.flatMap({ fleet.vms[$0]?.value }) else { return }
        vm.requests.removeAll { requests.contains($0.name) }
        vm.known.removeAll { requests.contains($0.request) }
        require(unchanged: StateKey.vm(vm.name), in: fleet)
        try put(vm, in: fleet)
    }

    /// Applied: nobody has them any more. Rolled back: the guest still does.
    mutating func concludeHotUnplug(
        _ units: [DeviceUnit], _ claim: Claim?, _ record: PlanRecord, in fleet: Fleet
    ) throws(Problem) {
        guard let claim, record.phase == .applied else { return }
        let gone = Set(units.map(\.members))
        var (left, kept) = (claim, claim)
        left.amend { $0.units.removeAll { !gone.contains($0.unit.members) } }
        kept.amend { $0.units.removeAll { gone.contains($0.unit.members) } }
        try noteDevices(of: left, knowing: kept.units, in: fleet)
        try release(left, in: fleet)
        guard !kept.units.isEmpty || kept.decision?.seat != nil else { return }
        require(unchanged: StateKey.claim(claim.id), in: fleet)
        kept.requests = fleet.vms[claim.owner.vm ?? ""]?.value.requests ?? kept.requests
        try put(StateKey.claim(claim.id), kept)
    }
}
