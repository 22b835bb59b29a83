import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension Fleet {
    func shown(_ pool: Pool, devices: [API.Device]) -> API.Pool {
        let lendable = devices.filter { !$0.isBridge }
        return API.Pool(
            pool, devices: lendable, vms: vmsAsking(for: pool.name), findings: poolFindings(pool, lendable),
            revision: revision(of: StateKey.pool(pool.name)))
    }

    /// Those that a pool would have which nobody has stored.
    func devices(_ devices: [API.Device], matching pool: Pool) -> [API.Device] {
        let matcher = PoolMatcher(pool)
        return devices.filter { device in
            guard !device.isBridge, let key = try? DeviceKey(device.address),
                let present = hosts[device.host]?.inventory?[key]
            else { return false }
            return matcher.matches(present, on: device.host)
        }
    }

    func poolFindings(_ pool: Pool, _ devices: [API.Device]) -> [Finding] {
        let subject = "pool \(pool.name)"
        var findings = refusedRules(of: pool) + misledFindings(of: pool)
        let models = Dictionary(grouping: devices, by: { "\($0.vendorID):\($0.deviceID)" })
        if models.count > 1 {
            let words = models.sorted { $0.key < $1.key }.map { "\($0.value.count) × \($0.value[0].name)" }
            findings.append(
                Finding(
                    "pool-mixed", .warning, subject: subject,
                    "The devices differ: \(words.joined(separator: ", ")). A VM that requests one may get any of them.",
                    next: ["Narrow the rules, or create a pool for each model."]))
        }
        if devices.isEmpty {
            findings.append(
                Finding(
                    "pool-empty", .note, subject: subject, "No device matches.",
                    next: [NextStep("List the devices", .listDevices(kind: pool.kind))]))
        }
        findings += pool.rules.filter(\.asksForTrustOfRemote).map { rule in
            Finding(
                "trust-may-be-forbidden", .warning, subject: subject,
                "Rule \"\(rule.name)\" tags devices as trusted that are managed remotely: such cards may not let the "
                    + "host trust a function.",
                next: ["Check the card's manual; if it is not allowed, remove the tag trusted."])
        }
        let needed = devices.filter { $0.state == .host || $0.state == .blocked }
        if let first = needed.first {
            findings.append(
                Finding(
                    "pool-has-blocked", .note, subject: subject,
                    "\(needed.count) of \(devices.count) cannot be lent: \(first.shortID): \(first.reason)",
                    next: [NextStep("See why", .showDevice(first.shortID))]))
        }
        return findings
    }

    /// Rules of an earlier Patchbay that today's cannot match: they match nothing, and somebody has to know.
    func refusedRules(of pool: Pool) -> [Finding] {
        pool.rules.compactMap { rule in
            rule.refusal(of: pool.kind).map { refusal in
                Finding(
                    "rule-refused", .problem, subject: "pool \(pool.name)",
                    "Rule \"\(rule.name)\" matches nothing: \(refusal.detail)",
                    next: refusal.next + [NextStep("See the rules", .listRules(pool: pool.name))])
            }
        }
    }

    /// By name.
    func vmsAsking(for pool: String) -> [String] {
        vms.values.filter { $0.value.requests.contains { $0.target == .pool(pool) } }.map(\.value.name).sorted()
    }

    /// Units that serve a claim through this pool.
    func unitsInUse(of pool: String) -> [(claim: Claim, id: DeviceID)] {
        claims.values.flatMap { claim in
            claim.units.filter { $0.pool == pool }.map {
                (claim, DeviceID(host: claim.host ?? "", key: $0.unit.primary))
            }
        }.sorted { $0.1 < $1.1 }
    }

    /// Claims that wait for devices of the pool, by name.
    func claimsAsking(for pool: String) -> [Claim] {
        ledger.pending.values.filter { $0.requests.contains { $0.target == .pool(pool) } }.sorted { $0.id < $1.id }
    }

    /// Throws `.inUse` while VMs, claims or profiles ask for the pool or hold devices of it.
    func requireUnused(_ pool: Pool) throws(Problem) {
        let held = unitsInUse(of: pool.name)
        let asking = vmsAsking(for: pool.name)
        let waiting = claimsAsking(for: pool.name)
        let profiles = profilesAsking(for: pool.name)
        let vms = Set(held.compactMap(\.claim.owner.vm) + asking).sorted()
        let others = Set(held.map(\.claim).filter { $0.owner.vm == nil }.map(\.id) + waiting.map(\.id)).sorted()
        guard !vms.isEmpty || !others.isEmpty || !profiles.isEmpty else { return }
        let evidence =
            held.map { "\($0.claim.shortOwner) holds \($0.id.short)" } + asking.map { "\($0) requests it" }
            + waiting.map { "claim \($0.id) of \($0.owner.words) waits for it" }
            + profiles.map { "profile \($0) requests it" }
        let running = held.compactMap(\.claim.owner.vm).sorted()
        let next =
            running.prefix(1).map { NextStep("Stop the VM first", .stopVM($0)) }
            + vms.prefix(1).map { NextStep("Detach the pool", .detach(pool.name, from: $0)) }
            + others.prefix(1).map { NextStep("Release the claim first", .releaseClaim($0)) }
            + profiles.prefix(1).map { NextStep("Change the profile first", .showProfile($0)) }
        throw Problem(.inUse, "Pool \"\(pool.name)\" is in use.", evidence: evidence, next: next)
    }

    /// What a person should know about VMs that hold devices which the new rules leave out: nothing is taken from them.
    func warnings(replacing old: Pool?, with new: Pool) -> [Finding] {
        guard old != nil else { return [] }
        let matcher = PoolMatcher(new)
        return unitsInUse(of: new.name).compactMap { claim, id in
            guard let function = hosts[id.host]?.inventory?[id.key], !matcher.matches(function, on: id.host) else {
                return nil
            }
            return Finding(
                "held-outside-pool", .warning, subject: id.description,
                "\(id.short) is no longer in pool \(new.name), but \(claim.shortOwner) holds it and keeps it until it "
                    + (claim.owner.vm == nil ? "is released." : "stops."),
                next: [
                    NextStep("To release it now", claim.owner.vm.map { .stopVM($0) } ?? .releaseClaim(claim.id))
                ])
        }
    }

    /// The fleet as it would be with another pool.
    func with(_ new: Pool?, insteadOf old: Pool?) -> Fleet {
        var fleet = self
        if let old { fleet.pools[old.name] = nil }
        if let new { fleet.pools[new.name] = Kept(value: new, revision: revision) }
        return fleet
    }
}

extension Rule {
    fileprivate var asksForTrustOfRemote: Bool {
        let tags = DeviceTags(tags)
        return isEnabled && tags.isRemoteManaged && tags[.trusted] == "true"
    }
}

extension Claim {
    /// A VM by its name alone, which people know; others with what they are.
    fileprivate var shortOwner: String { owner.vm ?? owner.words }
}
