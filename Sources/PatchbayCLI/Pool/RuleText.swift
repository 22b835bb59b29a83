import PatchbayAPI
import PatchbayCore

/// A rule as people type it: `name=a100s host=atlas vendor=10de numa=0`.
///
/// `name=`, `host=` and `enabled=` speak of the rule itself; every other condition speaks of devices. To ask for a
/// device's name, use another comparison: `name*=A100`.
enum RuleText {
    /// - Parameter number: names a rule that has no name of its own.
    static func rule(_ text: String, number: Int) throws(Problem) -> API.Rule {
        var rule = API.Rule(name: "rule-\(number)", conditions: [])
        for condition in try SelectorText.conditions(text) {
            switch (condition.field, condition.comparison) {
            case ("name", "="): rule.name = condition.value
            case ("host", "="): rule.host = condition.value
            case ("enabled", "="): rule.isEnabled = try flag(condition.value)
            default: rule.conditions.append(condition)
            }
        }
        try SelectorText.checkFields(rule.conditions)
        guard !rule.conditions.isEmpty else {
            throw SelectorText.malformed("\"\(text)\" is a rule without a condition: it would match nothing.")
        }
        return rule
    }

    static func rules(_ texts: [String], after count: Int = 0) throws(Problem) -> [API.Rule] {
        var rules: [API.Rule] = []
        for (index, text) in texts.enumerated() { rules.append(try rule(text, number: count + index + 1)) }
        return rules
    }

    private static func flag(_ text: String) throws(Problem) -> Bool {
        switch text {
        case "yes", "true": return true
        case "no", "false": return false
        default: throw SelectorText.malformed("enabled= is yes or no, not \"\(text)\".")
        }
    }

    /// The same language back; `rule(line(x)) == x`.
    static func line(_ rule: API.Rule) -> String {
        ([("name", "=", rule.name)] + (rule.host.map { [("host", "=", $0)] } ?? [])
            + (rule.isEnabled ? [] : [("enabled", "=", "no")])
            + rule.conditions.map { ($0.field, $0.comparison, $0.value) })
            .map { $0.0 + $0.1 + quoted($0.2) }.joined(separator: " ")
    }

    /// The conditions alone.
    static func conditions(_ rule: API.Rule) -> String {
        rule.conditions.map { $0.field + $0.comparison + quoted($0.value) }.joined(separator: " ")
    }

    private static func quoted(_ value: String) -> String {
        guard value.isEmpty || value.contains(where: { $0.isWhitespace || $0 == "'" || $0 == "\"" }) else {
            return value
        }
        return value.contains("\"") ? "'\(value)'" : "\"\(value)\""
    }
}
