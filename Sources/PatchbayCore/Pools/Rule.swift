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
    /// What a device has in this pool because this rule is the first that matches it: `physical_network` → `lan`.
    package var tags: [String: String]

    package init(
        name: String, host: String? = nil, isEnabled: Bool = true, conditions: [Condition], madeFrom: DeviceID? = nil,
        tags: [String: String] = [:]
    ) {
        self.name = name
        self.host = host
        self.isEnabled = isEnabled
        self.conditions = conditions
        self.madeFrom = madeFrom
        self.tags = tags
    }
}

extension Rule {
    /// `host` is the name of the host the function is on. A disabled rule matches nothing.
    package func matches(_ function: PCIFunction, on host: String) -> Bool {
        RuleMatcher(self).matches(function, on: host)
    }

    /// A rule that matches this device and no other today: by address and ids, so that another card in the same slot
    /// is not taken for it.
    package static func made(from function: PCIFunction, on host: String) -> Rule {
        let device = DeviceID(host: host, address: function.address)
        return Rule(
            name: String("\(device.short) \(function.name)".prefix(longestName)), host: host,
            conditions: [
                Condition(.address, .equal, function.address.description),
                Condition(.id, .equal, function.id.description),
            ], madeFrom: device)
    }

    /// Fields that are no facts of the device, operators and values that do not suit the field, regular expressions
    /// that do not parse. Throws `.malformedRule`.
    package func validate() throws(Problem) {
        let isPrintable = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
        guard (1...Self.longestName).contains(name.count), isPrintable else {
            throw Problem(
                .malformedRule, "\"\(name)\" cannot name a rule.",
                next: ["Use 1 to \(Self.longestName) characters on one line."])
        }
        guard conditions.count <= Self.mostConditions else {
            throw Problem(
                .malformedRule, "Rule \"\(name)\" has \(conditions.count) conditions.",
                next: ["Use at most \(Self.mostConditions); a pool can have several rules."])
        }
        for condition in conditions { try condition.validate(among: DeviceField.ofRules) }
        try validateTags()
    }

    /// Tags are compared without case, so two that differ in nothing else would be one.
    private func validateTags() throws(Problem) {
        var names: Set<String> = []
        for (tag, value) in tags.sorted(by: { $0.key < $1.key }) {
            guard Self.isTag(tag), !tag.contains("="), Self.isTag(value) else {
                throw Problem(
                    .malformedRule, "\"\(tag)=\(value)\" in rule \"\(name)\" is no tag.",
                    next: ["Write NAME=VALUE on one line: physical_network=lan"])
            }
            guard names.insert(tag.lowercased()).inserted else {
                throw Problem(
                    .malformedRule, "Rule \"\(name)\" has the tag \"\(tag)\" twice; upper and lower case are the same.",
                    next: ["Give it once."])
            }
        }
        guard tags.count <= Self.mostTags else {
            throw Problem(
                .malformedRule, "Rule \"\(name)\" has \(tags.count) tags.", next: ["Use at most \(Self.mostTags)."])
        }
    }

    /// A name or a value that a tag can have.
    static func isTag(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }

    static let longestName = 120
    static let mostConditions = 32
    static let mostTags = 32
}
