/// A named filter on device facts, for one host or for all.
package struct Rule: Hashable, Codable, Sendable {
    package var name: String
    /// nil: every host.
    package var host: String?
    package var isEnabled: Bool
    /// All of them must hold. An enabled rule with none matches nothing.
    package var conditions: [Condition]
    /// The device it was made from by "make passthrough"; nil: made by hand.
    package var madeFrom: DeviceID?
    /// What that device is recognised by; nil: it was made by hand, or the device's place was not known.
    package var identity: DeviceIdentity?
    /// What a device has in this pool because this rule is the first that matches it: `physical_network` → `lan`.
    package var tags: [String: String]

    package init(
        name: String, host: String? = nil, isEnabled: Bool = true, conditions: [Condition], madeFrom: DeviceID? = nil,
        identity: DeviceIdentity? = nil, tags: [String: String] = [:]
    ) {
        self.name = name
        self.host = host
        self.isEnabled = isEnabled
        self.conditions = conditions
        self.madeFrom = madeFrom
        self.identity = identity
        self.tags = tags
    }
}

extension Rule {
    /// `host` is the name of the host the device is on. A disabled rule matches nothing.
    package func matches<D: Device>(_ device: D, on host: String) -> Bool {
        RuleMatcher(self, of: D.kind).matches(device, on: host)
    }

    /// A rule that matches this device and no other today.
    package static func made(from device: some Device, on host: String) -> Rule {
        let id = DeviceID(host: host, key: device.key)
        return Rule(
            name: String("\(id.short) \(device.name)".prefix(longestName)), host: host,
            conditions: device.ownConditions, madeFrom: id)
    }

    /// The one device of a host that it names by its place, and what that is recognised by; nil: it names none, or nobody
    /// knows by what. At that place the rule means this device and no other.
    package func device(on name: String) -> (key: DeviceKey, identity: DeviceIdentity)? {
        guard isEnabled, let madeFrom, madeFrom.host == name, host == nil || host == name, let identity,
            conditions.contains(where: { $0.names(madeFrom.key) })
        else { return nil }
        return (madeFrom.key, identity)
    }

    /// The device that it was made from is somewhere else now: it means it there.
    package mutating func follow(to key: DeviceKey) {
        guard let old = madeFrom else { return }
        let new = DeviceID(host: old.host, key: key)
        madeFrom = new
        for index in conditions.indices where conditions[index].names(old.key) {
            conditions[index] = Condition(naming: key)
        }
        if name.hasPrefix("\(old.short) ") {
            name = String((new.short + name.dropFirst(old.short.count)).prefix(Self.longestName))
        }
    }

    /// Fields that are no facts of the device, operators and values that do not suit the field, regular expressions
    /// that do not parse, tags that say what they cannot. Throws `.malformedRule`.
    package func validate(for kind: DeviceKind) throws(Problem) {
        let isPrintable = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
        guard (1...Self.longestName).contains(name.count), isPrintable else {
            throw Problem(
                .malformedRule, "\"\(name)\" is not a valid rule name.",
                next: ["Use 1 to \(Self.longestName) characters on one line."])
        }
        guard conditions.count <= Self.mostConditions else {
            throw Problem(
                .malformedRule, "Rule \"\(name)\" has \(conditions.count) conditions.",
                next: ["Use at most \(Self.mostConditions) in a rule; a pool can have several rules."])
        }
        for condition in conditions { try condition.validate(among: DeviceField.ofRules(kind), of: kind) }
        try TagText.validate(tags, of: "Rule \"\(name)\"", .malformedRule)
    }

    static let longestName = 120
    static let mostConditions = 32
}

extension Condition {
    /// By its place alone.
    init(naming key: DeviceKey) {
        switch key {
        case .pci(let address): self.init(.address, .equal, address.description)
        case .usb(let address): self.init(.port, .equal, address.description)
        }
    }

    func names(_ key: DeviceKey) -> Bool {
        let named = Condition(naming: key)
        guard field == named.field, comparison == named.comparison else { return false }
        return value == named.value || key.pci.map { (try? PCIAddress(value)) == $0 } ?? false
    }
}
