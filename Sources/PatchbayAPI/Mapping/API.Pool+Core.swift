import PatchbayCore

extension API.Pool {
    /// `devices`: those that match and are no bridges.
    package init(
        _ pool: PatchbayCore.Pool, devices: [API.Device], vms: [String], findings: [PatchbayCore.Finding],
        revision: Int
    ) {
        self.init(
            name: pool.name, kind: pool.kind, description: pool.summary, deviceClass: pool.deviceClass,
            preparation: pool.preparation, rules: pool.rules.map(API.Rule.init), devices: devices,
            deviceCounts: devices.countsByState, vms: vms, findings: findings.map(API.Finding.init),
            revision: revision, sticky: pool.stickiness, guestReset: pool.guestReset)
    }
}

extension API.Rule {
    package init(_ rule: PatchbayCore.Rule) {
        self.init(
            name: rule.name, host: rule.host, isEnabled: rule.isEnabled,
            conditions: rule.conditions.map(API.Condition.init), madeFrom: rule.madeFrom?.description,
            tags: rule.tags.isEmpty ? nil : rule.tags, knownBy: rule.identity?.words)
    }

    /// Throws `.malformedRule` when a field or a comparison is not one of ours, or the value does not suit the field.
    ///
    /// - Parameter kind: of the pool that it is for.
    package func rule(for kind: DeviceKind) throws(PatchbayCore.Problem) -> PatchbayCore.Rule {
        var parsed: [PatchbayCore.Condition] = []
        for condition in conditions { parsed.append(try condition.condition(in: name, kind)) }
        var origin: DeviceID?
        if let madeFrom { origin = try DeviceID(madeFrom) }
        let rule = PatchbayCore.Rule(
            name: name, host: host, isEnabled: isEnabled, conditions: parsed, madeFrom: origin, tags: tags ?? [:])
        try rule.validate(for: kind)
        return rule
    }
}

extension API.Condition {
    package init(_ condition: PatchbayCore.Condition) {
        self.init(
            field: condition.field.rawValue, comparison: condition.comparison.rawValue, value: condition.value)
    }

    fileprivate func condition(
        in rule: String, _ kind: DeviceKind
    ) throws(PatchbayCore.Problem) -> PatchbayCore.Condition {
        guard let field = DeviceField(rawValue: field) else {
            throw Problem(
                .malformedRule, "\"\(self.field)\" in rule \"\(rule)\" is not a field of a \(kind.words).",
                next: ["Use one of \(DeviceField.ofRules(kind).map(\.rawValue).joined(separator: ", "))."])
        }
        guard let comparison = PatchbayCore.Condition.Comparison(rawValue: comparison) else {
            let known = PatchbayCore.Condition.Comparison.allCases.map(\.rawValue).joined(separator: "  ")
            throw Problem(
                .malformedRule, "\"\(self.comparison)\" in rule \"\(rule)\" is not a valid comparison.",
                next: ["Use one of  \(known)"])
        }
        return PatchbayCore.Condition(field, comparison, value)
    }
}

extension API.PoolDraft {
    /// The pool this draft makes of `pool`; fields left out keep their value.
    package func applied(to pool: PatchbayCore.Pool) throws(PatchbayCore.Problem) -> PatchbayCore.Pool {
        var result = pool
        if let name { result.name = name }
        if let kind, kind != pool.kind {
            guard pool.rules.isEmpty else {
                throw Problem(
                    .malformedInput, "Pool \(pool.name) is for \(pool.kind.words)s; its kind cannot be changed.",
                    next: ["Create another pool for \(kind.words)s."])
            }
            result.kind = kind
        }
        if let description { result.summary = description }
        if let deviceClass { result.deviceClass = deviceClass }
        if let preparation { result.preparation = preparation }
        if let sticky { result.stickiness = sticky }
        if let guestReset { result.guestReset = guestReset }
        if let rules {
            result.rules = []
            for rule in rules {
                var parsed = try rule.rule(for: result.kind)
                parsed.identity = pool.rules.first { $0.madeFrom != nil && $0.madeFrom == parsed.madeFrom }?.identity
                result.rules.append(parsed)
            }
        }
        try result.validate()
        return result
    }
}

extension API.RulePreview {
    package init(_ devices: [API.Device], findings: [PatchbayCore.Finding]) {
        self.init(devices: devices, findings: findings.map(API.Finding.init))
    }
}
