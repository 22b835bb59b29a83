import PatchbayAPI
import PatchbayCore

/// A rule as people type it: `name=a100s host=atlas vendor=10de numa=0`.
///
/// `name=` and `host=` speak of the rule itself; every other condition speaks of devices. To ask for a device's name,
/// use another comparison: `name*=A100`.
enum RuleText {
    /// - Parameters:
    ///   - number: names a rule that has no name of its own.
    ///   - kind: of the pool that it is for.
    static func rule(_ text: String, number: Int, for kind: DeviceKind) throws(Problem) -> API.Rule {
        var rule = Rule(name: "rule-\(number)", conditions: [])
        for condition in try DeviceFilter(parsing: text, for: kind).conditions {
            switch (condition.field, condition.comparison) {
            case (.name, .equal): rule.name = condition.value
            case (.host, .equal): rule.host = condition.value
            default: rule.conditions.append(condition)
            }
        }
        guard !rule.conditions.isEmpty else {
            throw Problem(
                .malformedRule, "\"\(text)\" has no condition, so it would match nothing.",
                next: ["Add conditions, for example 'vendor=10de numa=0'.", "See:  patchbay help filters"])
        }
        try rule.validate(for: kind)
        return API.Rule(rule)
    }

    /// Several of them. A text that begins with `{` or `[` is an entry, or a list of them, of Nova's `device_spec`.
    static func rules(
        _ texts: [String], after count: Int = 0, for kind: DeviceKind
    ) throws(Problem) -> [API.Rule] {
        var rules: [API.Rule] = []
        for text in texts {
            if let first = text.first(where: { !$0.isWhitespace }), first == "{" || first == "[" {
                rules += try novaRules(text, after: count + rules.count)
            } else {
                rules.append(try rule(text, number: count + rules.count + 1, for: kind))
            }
        }
        return rules
    }

    private static func novaRules(_ text: String, after count: Int) throws(Problem) -> [API.Rule] {
        let specs: [NovaDeviceSpec]
        do { specs = try NovaDeviceSpec.parse(text) } catch { throw error.problem }
        var rules: [Rule] = []
        for spec in specs { rules += try spec.rules(named: "rule-\(count + rules.count + 1)") }
        for rule in rules { try rule.validate(for: .pci) }
        return rules.map { API.Rule($0) }
    }

    /// The same language back, for a rule that the server told.
    static func line(_ rule: API.Rule) -> String {
        let own = [("name", "=", rule.name)] + (rule.host.map { [("host", "=", $0)] } ?? [])
        let all = own + rule.conditions.map { ($0.field, $0.comparison, $0.value) }
        let tags = tags(rule)
        return all.map { $0.0 + $0.1 + quoted($0.2) }.joined(separator: " ") + (rule.isEnabled ? "" : "  (disabled)")
            + (tags.isEmpty ? "" : "  (tags \(tags))")
    }

    /// `physical_network=lan vlan=42`
    static func tags(_ rule: API.Rule) -> String {
        (rule.tags ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\(quoted($0.value))" }.joined(separator: " ")
    }

    /// The conditions alone.
    static func conditions(_ rule: API.Rule) -> String {
        rule.conditions.map { $0.field + $0.comparison + quoted($0.value) }.joined(separator: " ")
    }

    /// As `DeviceFilter` reads it: double quotes, in which a backslash makes the next character stand for itself.
    private static func quoted(_ value: String) -> String {
        guard value.isEmpty || value.contains(where: { $0.isWhitespace || "'\"\\=~<>!^$*".contains($0) }) else {
            return value
        }
        return "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
