import PatchbayCore

extension Fleet {
    /// Where a claim would be served now; nil: nowhere.
    func decision(for claim: Claim, at now: Int) -> ClaimDecision? {
        let fits = hosts.keys.sorted().compactMap { host -> Fit? in
            guard reason(against: host, for: claim) == nil, let view = view(of: host, for: claim) else { return nil }
            return view.fit(claim.requests)
        }
        let home = claim.terms.reservation.flatMap { claims[$0]?.host }
        let best = fits.min { a, b in
            a.rank(claim.terms.strategy, home: home) < b.rank(claim.terms.strategy, home: home)
        }
        guard let best else { return nil }
        return ClaimDecision(
            host: best.host, units: best.units, at: now,
            expiresAt: claim.terms.leaseSeconds.map { now + $0 * 1000 })
    }

    /// Why a claim is served as it is, or would be, or cannot be.
    ///
    /// - Parameter guest: what it needs of a host beside devices; nil: nothing.
    func explanation(of claim: Claim, guest: GuestNeeds? = nil, at now: Int) -> Explanation {
        let decision = claim.decision ?? decision(for: claim, at: now)
        let fits = hosts.keys.sorted().compactMap { fit(of: $0, for: claim) }
        return Explanation(
            decision: decision, scores: decision.map { scores(of: $0, for: claim) } ?? [],
            hosts: fits.filter { $0.reason == nil } + fits.filter { $0.reason != nil })
    }

    private func scores(of decision: ClaimDecision, for claim: Claim) -> [PlacementScore] {
        guard let left = view(of: decision.host, for: claim)?.fit(claim.requests)?.freeLeft else { return [] }
        return [PlacementScore("free-left", left, "\(left) free devices are left on \(decision.host).")]
    }

    /// What a host says to a claim; nil: it has no inventory.
    private func fit(of host: String, for claim: Claim) -> HostFit? {
        guard let view = view(of: host, for: claim) else { return nil }
        if let reason = reason(against: host, for: claim) { return HostFit(host: host, reason: reason) }
        let required = claim.requests.filter { !$0.isOptional }
        switch view.place(required) {
        case .fits(let units):
            let devices = units.map {
                DeviceFit(device: DeviceID(host: host, address: $0.unit.primary), request: $0.request, reason: nil)
            }
            return HostFit(host: host, reason: nil, devices: devices)
        case .noFit(let request, let rejections):
            return HostFit(
                host: host, reason: Reason(.notEnough, "Request \(request.name) cannot be served."),
                devices: rejections.map { deviceFit($0, of: request, in: view) })
        }
    }

    private func deviceFit(_ rejection: Rejection, of request: Request, in view: HostView) -> DeviceFit {
        let host = view.inventory.host.name
        let holder = view.usage.allocations[rejection.device]
        let code: Reason.Code =
            switch view.state(of: rejection.device).state {
            case .allocated, .attached: .held
            case .host: .host
            case .blocked, .quarantined: .blocked
            case .missing: .missing
            case .free: view.asks(request, for: rejection.device) ? .notEnough : .notInPool
            }
        return DeviceFit(
            device: DeviceID(host: host, address: rejection.device),
            request: view.asks(request, for: rejection.device) ? request.name : nil,
            reason: Reason(code, rejection.reason), holder: holder?.owner.name ?? view.holder(of: rejection.device),
            until: holder.flatMap { claims[$0.claim]?.decision?.expiresAt })
    }

    /// Why the host as a whole is out; nil: it is not.
    private func reason(against host: String, for claim: Claim) -> Reason? {
        let settings = hosts[host]?.settings ?? HostSettings()
        let wanted = claim.terms.hosts
        guard wanted.names.isEmpty || wanted.names.contains(host) else {
            return Reason(.otherHost, "It is not one of the hosts that were named.")
        }
        let lacking = wanted.labels.sorted { $0.key < $1.key }.filter { settings.labels[$0.key] != $0.value }
        guard lacking.isEmpty else {
            return Reason(
                .labels, "It does not have \(lacking.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")).")
        }
        guard !settings.isCordoned else { return Reason(.cordoned, "It is cordoned: nothing new is placed on it.") }
        return nil
    }

    /// The host without what the claim has already, and without what it may take from its reservation.
    private func view(of host: String, for claim: Claim) -> HostView? {
        guard let state = hosts[host], let inventory = state.inventory else { return nil }
        var usage = state.usage(pools: poolList)
        let own = [claim.id, claim.terms.reservation]
        usage.allocations = usage.allocations.filter { !own.contains($0.value.claim) }
        return HostView(inventory: inventory, usage: usage)
    }
}

/// A host that would serve a claim.
private struct Fit {
    var host: String
    var units: [AllocatedUnit]
    /// Devices that anybody could still have beside it.
    var freeLeft: Int

    /// Less is better: as much as possible of what is optional, at home with the reservation, then the strategy.
    func rank(_ strategy: PlacementStrategy, home: String?) -> (Int, Int, Int, String) {
        let left =
            switch strategy {
            case .pack: freeLeft
            case .spread: -freeLeft
            }
        return (-units.count, host == home ? 0 : 1, left, host)
    }
}

extension HostView {
    /// Everything that is required, and what is optional as far as it can be had beside it; nil: it does not fit.
    fileprivate func fit(_ requests: [Request]) -> Fit? {
        var chosen = requests.filter { !$0.isOptional }
        guard case .fits(var units) = place(chosen) else { return nil }
        for request in requests where request.isOptional {
            guard case .fits(let more) = place(chosen + [request]) else { continue }
            chosen.append(request)
            units = more
        }
        let taken = Set(units.flatMap(\.unit.members))
        let left = inventory.functions.count { function in
            !taken.contains(function.address) && !pools(of: function.address).isEmpty
                && state(of: function.address).state == .free
        }
        return Fit(host: inventory.host.name, units: units, freeLeft: left)
    }

    /// The request speaks of the device.
    fileprivate func asks(_ request: Request, for address: PCIAddress) -> Bool {
        switch request.target {
        case .pool(let name): pools(of: address).contains(name)
        case .device(let id): id == DeviceID(host: inventory.host.name, address: address)
        }
    }
}
