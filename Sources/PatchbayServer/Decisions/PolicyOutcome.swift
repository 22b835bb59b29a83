import PatchbayAPI
import PatchbayCore
import PatchbayText

/// A policy held against a fleet: what would be created, changed and deleted, and the fleet as it would be.
struct PolicyOutcome {
    /// One thing before and after; nil: it is not there.
    struct Turn<Value: Hashable & Sendable>: Sendable {
        var name: String
        var old: Value?
        var new: Value?
        var changes: Bool { old != new }
    }

    let before: Fleet
    let after: Fleet
    let pools: [Turn<Pool>]
    let profiles: [Turn<Profile>]

    init(_ wish: PolicyWish, in fleet: Fleet) {
        before = fleet
        pools = Self.turns(
            wish.pools.map(fleet.knowing), named: \.name, now: fleet.pools.mapValues(\.value), prunes: wish.prunes)
        profiles = Self.turns(
            wish.profiles, named: \.name, now: fleet.profiles.mapValues(\.value), prunes: wish.prunes)
        var after = fleet
        for turn in pools where turn.changes {
            after.pools[turn.name] = turn.new.map { Kept(value: $0, revision: fleet.revision) }
        }
        for turn in profiles where turn.changes {
            after.profiles[turn.name] = turn.new.map { Kept(value: $0, revision: fleet.revision) }
        }
        self.after = after
    }

    /// In the order that was asked for, then what is deleted, by name. Nothing is deleted of a kind that nobody named.
    private static func turns<Value: Hashable & Sendable>(
        _ wanted: [Value], named name: KeyPath<Value, String>, now: [String: Value], prunes: Bool
    ) -> [Turn<Value>] {
        let kept = wanted.map { Turn(name: $0[keyPath: name], old: now[$0[keyPath: name]], new: $0) }
        guard prunes, !wanted.isEmpty else { return kept }
        let gone = Set(now.keys).subtracting(wanted.map { $0[keyPath: name] })
        return kept + gone.sorted().map { Turn(name: $0, old: now[$0], new: nil) }
    }

    var changesAnything: Bool { pools.contains(where: \.changes) || profiles.contains(where: \.changes) }

    var differences: [API.Difference] {
        pools.map { difference("pool", $0) { PolicyText($0).lines } }
            + profiles.map { difference("profile", $0) { PolicyText($0).lines } }
    }

    private func difference<Value>(
        _ kind: String, _ turn: Turn<Value>, text: (Value) -> [String]
    ) -> API.Difference {
        let action: API.Difference.Action =
            switch (turn.old, turn.new) {
            case (nil, _): .create
            case (_, nil): .delete
            case (.some, .some): turn.changes ? .change : .unchanged
            }
        let lines = LineDifference.lines(from: turn.old.map(text) ?? [], to: turn.new.map(text) ?? [])
        return API.Difference(kind: kind, name: turn.name, action: action, lines: lines)
    }
}

extension PolicyOutcome {
    /// Nothing that is in use goes away, what profiles ask for is there, and everything expected holds.
    /// Throws all that stands in the way.
    func check(_ expected: [PolicyWish.Expected]) throws(Problem) {
        var problems = ProblemList()
        for turn in pools where turn.new == nil {
            guard let old = turn.old else { continue }
            problems.keep(subject: nil) { () throws(Problem) in try after.requireUnused(old) }
        }
        for turn in profiles {
            for pool in turn.new?.pools ?? [] where after.pools[pool] == nil && before.pools[pool] == nil {
                problems.add(
                    Problem(
                        .unknownPool, "Profile \"\(turn.name)\" requests pool \"\(pool)\", which does not exist.",
                        next: [NextStep("List them", .listPools), "Or add it to the policy."]))
            }
        }
        try problems.throwIfAny("The policy")
        try checkExpectations(expected)
    }

    private func checkExpectations(_ expected: [PolicyWish.Expected]) throws(Problem) {
        var failed: [String] = []
        for entry in expected {
            let expectation = entry.expectation
            let place = entry.place.map { "\($0): " } ?? ""
            guard let pool = after.pools[expectation.pool]?.value else {
                failed.append("\(place)\"\(expectation)\", but there is no pool \"\(expectation.pool)\"")
                continue
            }
            let known = Set(after.hosts.filter { $0.value.inventory != nil }.map(\.key))
            if let instead = expectation.failure(matched: after.devices(in: pool), hosts: known) {
                failed.append("\(place)\"\(expectation)\", but \(instead)")
            }
        }
        guard !failed.isEmpty else { return }
        throw Problem(
            .expectationFailed,
            failed.count == 1
                ? "An expectation does not hold; nothing was changed."
                : "\(failed.count) expectations do not hold; nothing was changed.",
            evidence: failed,
            next: ["Correct the rules or the expectations.", NextStep("List the devices", .listDevices())])
    }

    /// What it means for VMs: devices they hold that leave a pool, and pools that have too few for them now.
    var findings: [Finding] {
        var findings: [Finding] = []
        for turn in pools where turn.changes {
            guard let new = turn.new else { continue }
            findings += before.warnings(replacing: turn.old, with: new)
        }
        let changed = Set(pools.filter(\.changes).map(\.name))
        return findings
            + after.vms.values.map(\.value).sorted { $0.name < $1.name }.compactMap { vm in
                let isConcerned = vm.requests.contains { request in
                    if case .pool(let pool) = request.target { changed.contains(pool) } else { false }
                }
                guard isConcerned, before.lack(atNextStartOf: vm) == nil,
                    let lack = after.lack(atNextStartOf: vm)
                else { return nil }
                return Finding(
                    "next-start-fails", .warning, subject: "vm \(vm.name)",
                    "\(vm.name) could not be started again after it is stopped: \(lack)",
                    next: [NextStep("See its requests", .showVM(vm.name))])
            }
    }
}

extension Fleet {
    /// What a VM could not be given, were it stopped and started now, in a sentence; nil: it could be given all it asks for.
    fileprivate func lack(atNextStartOf vm: VM) -> String? {
        let own = Set([claim(of: vm.name)?.id].compactMap(\.self))
        guard var state = hosts[vm.host]?.without(own) else { return nil }
        state.domains?.removeAll { $0.name == vm.name }
        var others = floatingNeeds(on: vm.host)
        others[vm.name] = nil
        guard let standing = state.standing(pools: poolList, floating: others, for: vm.name) else { return nil }
        do throws(NoPlace) {
            _ = try standing.place(PlacementWish(requests: vm.requests, guest: vm.spec?.needs), on: vm.host)
            return nil
        } catch {
            switch error {
            case .request(let number): return "it would lack \(sentence(vm.requests[number]))."
            case .host(let reason): return reason.sentence
            case .nowhere: return "nothing on \(vm.host) matches its requests."
            }
        }
    }
}

extension Fleet {
    /// Every device of every host that the pool's rules match. Sorted.
    func devices(in pool: Pool) -> [DeviceID] {
        hosts.flatMap { host, state in
            (state.inventory.map { pool.matching($0) } ?? []).map { DeviceID(host: host, key: $0.key) }
        }.sorted()
    }

    /// Sorted.
    func profilesAsking(for pool: String) -> [String] {
        profiles.values.map(\.value).filter { $0.pools.contains(pool) }.map(\.name).sorted()
    }

    func profile(_ name: String) throws(Problem) -> Kept<Profile> {
        guard let profile = profiles[name] else {
            throw Problem(
                .unknownProfile, "There is no profile \"\(name)\".",
                next: Spelling.hint(for: name, among: Array(profiles.keys)) + [
                    NextStep("List them", .listProfiles)
                ])
        }
        return profile
    }
}
