/// What a VM knows of the devices of a host, held against the host as it is. Part of the standing that is made for that VM, so
/// that decisions and explanations answer from it alike.
package struct GuestPast: Hashable, Sendable {
    /// What it had of one request for a pool, where it is to have the same again.
    package struct Had: Hashable, Sendable {
        package var units: UnitSet
        /// Devices that are not there any more, or not in the pool, by where they were.
        package var lost: [DeviceKey]
        /// It gets no other.
        package var isNeeded: Bool
    }

    /// At keys that it asks for by name: another device, or not surely the same, is there.
    package private(set) var strangers: [DeviceKey: Recognition]
    /// Units that have one of them.
    private(set) var strangeUnits: UnitSet
    /// Devices that it had at its last start and whose group is another one now.
    package var regrouped: [KnownDevice.Check]
    /// By the name of the request.
    package var had: [String: Had]
}

extension GuestPast {
    /// nil: the VM knows nothing of the host.
    init?(of vm: String, on view: HostView, _ shape: HostShape) {
        guard let known = view.usage.known[vm], !known.isEmpty else { return nil }
        let checks = view.inventory.check(known)
        strangers = [:]
        for check in checks where check.isStranger { strangers[check.known.device] = check.recognition }
        strangeUnits = UnitSet(strangers.keys.compactMap { shape.unit(of: $0) })
        regrouped = checks.filter(\.isGroupChanged)
        had = [:]
        for check in checks {
            guard let name = check.known.pool, let pool = view.usage.pools.first(where: { $0.name == name }) else {
                continue
            }
            let stickiness = pool.stickiness.applied(to: check.known)
            guard stickiness != .never else { continue }
            var had = had[check.known.request] ?? Had(units: [], lost: [], isNeeded: false)
            if stickiness == .always { had.isNeeded = true }
            let unit = check.recognition.key.flatMap { shape.unit(of: $0) }
            if let unit, shape.pools[name]?.units.contains(unit) == true {
                had.units.insert(unit)
            } else {
                had.lost.append(check.known.device)
            }
            self.had[check.known.request] = had
        }
    }

    /// What a person can allow that would change an answer.
    var allowable: [ProblemCode] {
        [
            strangers.isEmpty ? nil : .deviceChanged, regrouped.isEmpty ? nil : .groupChanged,
            had.values.contains(where: \.isNeeded) ? .otherDevice : nil,
        ].compactMap(\.self)
    }

    /// As if a person had allowed it.
    mutating func allow(_ code: ProblemCode) {
        if code == .deviceChanged { (strangers, strangeUnits) = ([:], []) }
        if code == .groupChanged { regrouped = [] }
        if code == .otherDevice { had = [:] }
    }

    /// Why the VM is not started, whatever it asks for; nil: nothing of this kind.
    var hold: Reason? {
        guard !regrouped.isEmpty else { return nil }
        return Reason(.groupChanged, regrouped.map(\.groupSentence).joined(separator: " "))
    }
}

extension KnownDevice.Check {
    /// `The IOMMU group of 0000:41:00.0 is not what it was at the last start: 0000:42:00.0 A100 came.`
    package var groupSentence: String {
        let device = recognition.key ?? known.device
        let parts = [
            joined.isEmpty ? nil : "\(joined.listed) came", left.isEmpty ? nil : "\(left.listed) went",
        ].compactMap(\.self)
        return "The IOMMU group of \(device) changed since the last start: \(parts.joined(separator: "; "))."
    }

    /// What was expected and what is there, a line each.
    package var comparison: [String] {
        known.identity.comparison(with: there, at: recognition.key ?? known.device)
    }
}

extension DeviceIdentity {
    /// What was expected and what is there, a line each.
    package func comparison(with there: DeviceIdentity?, at key: DeviceKey) -> [String] {
        [
            "expected: \(words.joined(separator: "; "))",
            "at \(key): \(there.map { $0.words.joined(separator: "; ") } ?? "nothing")",
        ]
    }
}

extension Ask {
    /// What a request asks of a host as it stands: for a VM that is to have the same again, first or only that.
    package init(_ request: Request, on standing: HostStanding, named host: String) {
        self.init(request, of: standing.shape, named: host)
        guard let had = standing.past?.had[request.name], request.pool != nil else { return }
        guard had.isNeeded else {
            ranks = [eligible.intersection(had.units)] + ranks.map { $0.subtracting(had.units) }
            return
        }
        if count <= had.units.count {
            ranks = ranks.map { $0.intersection(had.units) }
        } else if had.lost.isEmpty {
            must = had.units
        } else {
            ranks = [[]]
        }
    }
}

extension GuestPast.Had {
    /// Whether a unit is none of those that the request is to have.
    func excludes(_ unit: Int, count: Int) -> Bool {
        isNeeded && !units.contains(unit) && (count <= units.count || !lost.isEmpty)
    }
}
