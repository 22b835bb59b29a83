import PatchbayCore

/// The index that decisions are made from follows the fleet: a device that is taken or given back moves its host to another
/// class, everything else has the host looked at anew, once, when the next decision needs it.
extension Fleet {
    /// Looks at every host anew that has changed since the last time.
    mutating func refreshPlacement() {
        guard !unplaced.isEmpty else { return }
        for host in unplaced { placement.set(host, standing(of: host, hosts[host])) }
        unplaced = []
    }

    /// Takes in which hosts nobody hears of, or has heard too little: nothing new is placed on those.
    ///
    /// - Returns: whether something may be placed on one of them again.
    mutating func hear(_ new: AgentHub.Hearing) -> Bool {
        let (before, now) = (hearing.all, new.all)
        unplaced.formUnion(hearing.silent.symmetricDifference(new.silent))
        unplaced.formUnion(hearing.awaited.symmetricDifference(new.awaited))
        hearing = new
        return !before.isSubset(of: now)
    }

    /// A host that was waited for has said how it is.
    ///
    /// - Returns: whether something may be placed on it again.
    mutating func reported(_ host: String) -> Bool {
        guard hearing.awaited.remove(host) != nil else { return false }
        unplaced.insert(host)
        return true
    }

    /// A host as placement sees it, were its state this one.
    ///
    /// - Parameters:
    ///   - vm: what its own definition names is not in its way.
    ///   - view: of the same inventory with another usage.
    private func standing(
        of host: String, _ state: HostState?, for vm: String? = nil, knowing view: HostView? = nil
    ) -> HostStanding? {
        var standing = state?.standing(
            pools: poolList, floating: floatingNeeds(on: host), for: vm, knowing: view)
        if standing?.closed == nil {
            standing?.closed = isLost(host) ? .offline : hearing.awaited.contains(host) ? .awaited : nil
        }
        return standing
    }

    /// The index as a claim sees it: what it has, and what it may take from its reservation, is free.
    func placement(for claim: Claim) -> FleetIndex {
        var index = placement
        if let vm = claim.owner.vm {
            for (host, state) in hosts
            where state.domain(vm)?.definedDevices.isEmpty == false || state.written[vm] != nil
                || state.known[vm] != nil
            {
                index.set(host, standing(of: host, state, for: vm))
            }
        }
        for id in [claim.id, claim.terms.reservation].compactMap(\.self) {
            guard let host = claims[id]?.host, let state = hosts[host] else { continue }
            index.setHeld(state.allocations.filter { $0.value.claim == id }.keys, on: host, false)
        }
        return index
    }

    /// What an explanation asks beside the index.
    func world(for claim: Claim) -> PlacementWorld {
        let own = Set([claim.id, claim.terms.reservation].compactMap(\.self))
        let pools = poolList
        let known = KnownViews(self)
        return PlacementWorld(
            view: { host in
                let less = hosts[host]?.without(own)
                return known[host].flatMap { view in less.map { view.with($0.usage(pools: pools)) } }
            },
            claims: claims.values.filter { !own.contains($0.id) && $0.decision != nil }.sorted { $0.id < $1.id },
            standingWithout: { over in over.first?.host.flatMap { standing(without: over, knowing: known[$0]) } },
            standingPinned: { host in
                guard var state = hosts[host] else { return nil }
                state.settings = state.settings ?? HostSettings()
                state.settings?.isPinned = true
                return standing(of: host, state, knowing: known[host])
            })
    }

    /// The host of these claims as it would stand if they were over and their guests off; nil: they have none.
    ///
    /// - Parameters:
    ///   - vm: whom it is for; nil: nobody in particular.
    ///   - view: the host as it is, where that is known already.
    func standing(without over: [Claim], for vm: String? = nil, knowing view: HostView? = nil) -> HostStanding? {
        let guests = Set(over.compactMap(\.owner.vm))
        guard let host = over.first?.host, var state = hosts[host]?.without(Set(over.map(\.id))) else { return nil }
        state.domains?.removeAll { guests.contains($0.name) }
        return standing(of: host, state, for: vm, knowing: view)
    }

    /// Views of hosts as they are, made once for all trials of an explanation.
    private final class KnownViews {
        private let fleet: Fleet
        private var views: [String: HostView] = [:]

        init(_ fleet: Fleet) { self.fleet = fleet }

        subscript(host: String) -> HostView? {
            if let known = views[host] { return known }
            let view = fleet.view(of: host)
            views[host] = view
            return view
        }
    }

    /// Guests with a live claim that have no seat, by VM.
    func floatingNeeds(on host: String) -> [String: GuestNeeds] {
        var needs: [String: GuestNeeds] = [:]
        for claim in hosts[host]?.claims.values ?? [:].values where claim.decision?.seat == nil {
            guard let vm = claim.owner.vm, case .managed(let spec)? = vms[vm]?.value.origin else { continue }
            needs[vm] = spec.needs
        }
        return needs
    }
}

extension HostState {
    func view(pools: [Pool]) -> HostView? {
        inventory.map { inventory in
            HostView(
                inventory: inventory, usage: usage(pools: pools),
                membership: memory.membership(of: inventory, in: pools))
        }
    }

    /// The devices of these pools. nil: it has never reported.
    ///
    /// - Parameter pools: all that there are.
    func devices(of names: [String], among pools: [Pool]) -> Set<DeviceKey>? {
        inventory.map { memory.membership(of: $0, in: pools).devices(of: names) }
    }

    /// nil: it has never reported.
    ///
    /// - Parameter view: of the same inventory with another usage.
    func standing(
        pools: [Pool], floating: [String: GuestNeeds], for vm: String? = nil, knowing known: HostView? = nil
    ) -> HostStanding? {
        let view = known?.with(usage(pools: pools)) ?? view(pools: pools)
        guard let inventory, var standing = view?.standing(for: vm) else { return nil }
        let settings = settings ?? HostSettings()
        standing.labels = settings.labels
        standing.closed = settings.isCordoned ? .cordoned : unreadable == nil ? nil : .unreadable
        standing.room = HostRoom(
            inventory, settings: settings, domains: domains ?? [], claims: claims.values, floating: floating)
        return standing
    }

    /// As if these claims had nothing.
    func without(_ claims: Set<String>) -> HostState {
        var state = self
        state.allocations = allocations.filter { !claims.contains($0.value.claim) }
        state.claims = self.claims.filter { !claims.contains($0.key) }
        return state
    }
}

extension Reason {
    static let unreadable = Reason(.unreadable, "Host cannot be read.")
    static let cordoned = Reason(.cordoned, "Host is cordoned.")
    static let awaited = Reason(
        .offline, "Host is back and has not reported yet.")
    static let offline = Reason(.offline, "Host is offline.")
}
