import PatchbayAPI
import PatchbayCore

/// A claim or a VM that a change of the fleet may drive out of its place.
struct Workload {
    /// Without an id where a VM holds nothing.
    var claim: Claim
    /// Where it is.
    var host: String
    /// CPUs and memory of its guest; nil: none, or nobody knows.
    var guest: GuestNeeds?
    /// What it has.
    var units: [AllocatedUnit]

    /// Those that have others depend on them first, then by weight and age.
    var rank: (Int, Int, Int, String, String) {
        (
            claim.owner.kind == .reservation ? 0 : 1, -claim.terms.priority, claim.createdAt, claim.id,
            claim.owner.name
        )
    }

    /// What it asks for at its next start, on these hosts.
    func wish(on hosts: HostConstraint) -> PlacementWish {
        PlacementWish(
            requests: claim.requests, hosts: hosts, strategy: claim.terms.strategy, guest: guest)
    }

    /// Where it may go at all. A VM that has to be started anew may be started anywhere.
    var hosts: HostConstraint { claim.owner.vm == nil ? claim.terms.hosts : .any }

    /// The same devices, whatever they serve.
    func has(_ placement: HostPlacement, on host: String) -> Bool {
        host == self.host && Set(units.map(\.unit)) == Set(placement.units.map(\.unit))
    }
}

extension Scenario {
    /// Who cannot stay as it is, in the order in which it is placed anew.
    var evicted: [Workload] {
        let claims = before.claims.values.compactMap { claim -> Workload? in
            guard let host = claim.host, touched.contains(host), left.contains(host) || isTorn(claim, on: host) else {
                return nil
            }
            return workload(claim, on: host)
        }
        return (claims + guestsWithoutClaim).sorted { $0.rank < $1.rank }
    }

    /// Who keeps what it has until it stops, though the pools would give it something else.
    var changing: [Workload] {
        guard !pools.isEmpty else { return [] }
        return before.claims.values.compactMap { claim -> Workload? in
            guard let host = claim.host, !left.contains(host), claim.requests.contains(where: asksChangedPool),
                !isTorn(claim, on: host)
            else { return nil }
            return workload(claim, on: host)
        }.sorted { $0.rank < $1.rank }
    }

    /// VMs that are off and could be concerned: their host is, or a pool that they ask for.
    var poweredOff: [Workload] {
        before.vms.values.map(\.value).filter { vm in
            guard before.claim(of: vm.name) == nil, before.domain(of: vm)?.state.isOn != true else { return false }
            return touched.contains(vm.host) || vm.requests.contains(where: asksChangedPool)
        }.sorted { $0.name < $1.name }.map { Workload($0) }
    }

    func asksChangedPool(_ request: Request) -> Bool {
        if case .pool(let name) = request.target { pools.contains(name) } else { false }
    }

    /// A device of it is gone, or another one goes along with it now, or one does not any more.
    private func isTorn(_ claim: Claim, on host: String) -> Bool {
        guard let inventory = after.hosts[host]?.inventory, let known = before.hosts[host]?.inventory else {
            return true
        }
        return claim.units.contains { allocated in
            let unit = allocated.unit
            guard let now = inventory.unit(of: unit.primary) else { return known[unit.primary] != nil }
            return now.members != unit.members && now.members != known.unit(of: unit.primary)?.members
        }
    }

    private func workload(_ claim: Claim, on host: String) -> Workload {
        guard let name = claim.owner.vm, let vm = before.vms[name]?.value else {
            return Workload(claim: claim, host: host, guest: nil, units: claim.units)
        }
        var next = claim
        next.requests = vm.requests
        return Workload(claim: next, host: host, guest: vm.spec?.needs, units: claim.units)
    }

    /// Managed VMs that run on hosts that are no more, or are drained, and hold no device.
    private var guestsWithoutClaim: [Workload] {
        before.vms.values.map(\.value).filter { vm in
            left.contains(vm.host) && before.claim(of: vm.name) == nil && before.domain(of: vm)?.state.isOn == true
        }.map { Workload($0) }
    }
}

extension Workload {
    /// A VM that holds nothing.
    fileprivate init(_ vm: VM) {
        let claim = Claim(id: "", owner: .vm(vm.name), requests: vm.requests)
        self.init(claim: claim, host: vm.host, guest: vm.spec?.needs, units: [])
    }
}
