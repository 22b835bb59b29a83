import PatchbayAPI
import PatchbayCore

/// What a VM asks for less from its next start on, and which of its devices it does not get again then.
struct Detachment {
    let before: VM
    let after: VM
    /// The one that was named, where a request asks for several of a pool.
    private let meant: DeviceID?
    /// Devices that it has and would not get again. nil: as it would ask then, it has no place.
    let leaving: [DeviceID]?

    init(_ request: API.DetachRequest, from vm: VM, in fleet: Fleet) throws(Problem) {
        if let count = request.count, count < 1 {
            throw Problem(.malformedInput, "\"count\" is \(count).", next: ["Use at least 1."])
        }
        before = vm
        var after = vm
        var meant: DeviceID?
        switch (request.request, request.pool, request.device) {
        case (let name?, nil, nil):
            try after.take(request.count, "request \"\(name)\"") { $0.name == name }
        case (nil, let pool?, nil):
            try after.take(request.count, "request for pool \"\(pool)\"") { $0.target == .pool(pool) }
        case (nil, nil, let name?):
            guard request.count == nil else {
                throw Problem(
                    .malformedInput, "\"count\" belongs to a pool or a request; \(name) is one device.",
                    next: ["Leave it out."])
            }
            let id = try fleet.requestedDevice(name, of: vm)
            if let source = fleet.request(thatBrought: id, to: vm) {
                meant = source.pool == nil ? nil : id
                try after.take(source.pool == nil ? nil : 1, "request for \(id.short)") { $0.name == source.name }
            } else {
                try after.take(nil, "request for \(id.short)") { $0.target == .device(id) }
            }
        default:
            throw Problem(
                .malformedInput, "Exactly one of \"request\", \"pool\" and \"device\" is required.",
                next: ["Write {\"request\": \"NAME\"}."])
        }
        self.after = after
        self.meant = meant
        leaving = fleet.leaving(after)
    }

    /// `one asks for 1 of pool gpus as gpus-1, not 2. atlas/42:00.0 leaves it at its next start.`
    ///
    /// - Parameter isNow: it runs, and they leave it at once.
    func message(dryRun: Bool, isNow: Bool = false) -> String {
        let verb = dryRun ? "would request" : "requests"
        let denial = dryRun ? "would no longer request" : "no longer requests"
        let lowered = before.requests.compactMap { old -> String? in
            guard let new = after.requests.first(where: { $0.name == old.name }), new.count < old.count else {
                return nil
            }
            return "\(new.count) of \(old.pool.map { "pool \($0)" } ?? old.name) as \(old.name), not \(old.count)"
        }
        let names = before.requests.map(\.name).filter { name in !after.requests.contains { $0.name == name } }
        let asked = lowered.isEmpty ? [] : ["\(verb) \(lowered.joined(separator: ", and "))"]
        let ended = names.isEmpty ? [] : ["\(denial) \(names.joined(separator: ", "))"]
        return "\(before.name) \((asked + ended).joined(separator: ", and ")).\(departure(isNow))"
    }

    private func departure(_ isNow: Bool) -> String {
        guard let leaving else { return " Which devices leave it is decided at its next start." }
        guard !leaving.isEmpty else { return "" }
        let when = isNow ? "now" : "at its next start"
        return " \(leaving.map(\.short).listed) \(leaving.count == 1 ? "leaves" : "leave") it \(when)."
    }

    /// That the device which was named is not the one that leaves.
    var findings: [Finding] {
        guard let meant, let leaving, !leaving.isEmpty, !leaving.contains(meant) else { return [] }
        return [
            Finding(
                "another-leaves", .warning, subject: "vm \(before.name)",
                "\(before.name) would get \(meant.short) again: the devices of a pool are chosen at each start,"
                    + " and the choice would be the same.",
                next: [
                    NextStep(
                        "To keep \(leaving[0].short), detach the request and attach this device by its address",
                        .attach(leaving[0].short, to: before.name))
                ])
        ]
    }
}

extension VM {
    /// Asks for fewer of what fits; nil: for none of it. The last request that fits gives way first.
    fileprivate mutating func take(
        _ count: Int?, _ words: String, _ isMeant: (Request) -> Bool
    ) throws(Problem) {
        let all = requests.filter(isMeant).reduce(0) { $0 + $1.count }
        guard all > 0 else {
            throw Problem(
                .unknownClaim, "\"\(name)\" has no \(words).", evidence: requests.map { "it has \($0.name)" },
                next: [NextStep("See its requests", .showVM(name))])
        }
        var rest = count ?? all
        guard rest <= all else {
            throw Problem(
                .malformedInput, "The \(words) of \"\(name)\" is for \(all), so \(rest) cannot be detached.",
                next: [NextStep("Detach at most \(all); see", .showVM(name))])
        }
        for index in requests.indices.reversed() where isMeant(requests[index]) {
            let taken = min(rest, requests[index].count)
            rest -= taken
            requests[index].count -= taken
        }
        requests.removeAll { $0.count == 0 }
    }
}

extension Fleet {
    /// By name among those it asks for, so that one which vanished can be taken away, too.
    fileprivate func requestedDevice(_ name: String, of vm: VM) throws(Problem) -> DeviceID {
        for case .device(let id) in vm.requests.map(\.target)
        where [id.description, id.short, id.key.short, id.key.description].contains(name) { return id }
        return try device(named: name)
    }

    /// The request by which a VM has a device, or the device that this one goes along with.
    fileprivate func request(thatBrought id: DeviceID, to vm: VM) -> Request? {
        guard let claim = claim(of: vm.name), claim.host == id.host else { return nil }
        let brought = claim.units.first { $0.unit.members.contains(id.key) }?.request
        return vm.requests.first { $0.name == brought }
    }

    /// Devices that a VM has and would not get again, were it started anew as it asks now; nil: it would have no place.
    fileprivate func leaving(_ vm: VM) -> [DeviceID]? {
        guard let claim = claim(of: vm.name), let host = claim.host else { return [] }
        let held = claim.units.map(\.unit.primary)
        var kept: Set<DeviceKey> = []
        if !vm.requests.isEmpty {
            let wish = PlacementWish(requests: vm.requests, guest: vm.spec?.needs)
            guard let found = try? standing(without: [claim], for: vm.name)?.place(wish, on: host) else { return nil }
            kept = Set(found.units.map(\.unit.primary))
        }
        return held.filter { !kept.contains($0) }.map { DeviceID(host: host, key: $0) }
    }
}
