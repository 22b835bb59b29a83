import PatchbayAPI
import PatchbayCore

/// What the form for a rule says so far: as much of a rule as can be read, and what is wrong with the rest, by field.
struct RuleEntry: Sendable {
    /// A place of the form where something can be wrong.
    enum Place: Hashable, Sendable {
        case name, tags
        /// The line, counted from 0.
        case condition(Int)
    }

    var name: String
    var host: String?
    var isEnabled: Bool
    /// As typed, with the empty lines in between, so that every line keeps its place.
    var lines: [API.Condition]
    /// NAME=VALUE, one a line.
    var tags: String
    var madeFrom: String?

    init(_ rule: API.Rule) {
        self.name = rule.name
        self.host = rule.host
        self.isEnabled = rule.isEnabled
        self.lines = rule.conditions
        self.tags = NamedValues.text(rule.tags ?? [:])
        self.madeFrom = rule.madeFrom
    }

    init(_ fields: FormFields) {
        self.name = fields.raw("rule") ?? ""
        self.host = fields["host"]
        self.isEnabled = fields["enabled"] != nil
        let comparisons = fields.all("comparison")
        let values = fields.all("value")
        let all = zip(fields.all("field").indices, fields.all("field")).map { index, field in
            API.Condition(
                field: field, comparison: comparisons.indices.contains(index) ? comparisons[index] : "=",
                value: values.indices.contains(index) ? values[index] : "")
        }
        self.lines = Array(all.prefix((all.lastIndex { !$0.isBlank } ?? -1) + 1))
        self.tags = fields.raw("tags") ?? ""
        self.madeFrom = fields["madeFrom"]
    }

    static let blank = RuleEntry(API.Rule(name: "", conditions: []))

    /// What can be read, and why the rest cannot.
    ///
    /// - Parameter kind: of the pool that it is for.
    func read(for kind: DeviceKind) -> (rule: API.Rule, state: FormState<Place>) {
        var rule = API.Rule(name: name.trimmed, host: host, isEnabled: isEnabled, conditions: [], madeFrom: madeFrom)
        var state = FormState<Place>(FormFields())
        if rule.name.isEmpty { rule.name = Self.nameless }
        state.check(.name) { () throws(Problem) in _ = try rule.rule(for: kind) }
        rule.conditions = lines.indices.filter { !lines[$0].isBlank }.compactMap { index in
            state.read(.condition(index)) { _ throws(Problem) in try Self.condition(lines[index], for: kind) }
        }
        rule.tags = state.read(.tags) { _ throws(Problem) in
            let tags = try NamedValues.parse(tags, "tag", example: "physical_network=lan")
            _ = try API.Rule(name: Self.nameless, conditions: [], tags: tags).rule(for: kind)
            return tags.isEmpty ? nil : tags
        }
        return (rule, state)
    }

    private static func condition(_ typed: API.Condition, for kind: DeviceKind) throws(Problem) -> API.Condition {
        var condition = typed
        condition.value = condition.value.trimmed
        guard !condition.field.isEmpty else {
            throw Problem(
                .malformedRule, "No field is chosen for this value.", next: ["Choose a field in front of it."])
        }
        _ = try API.Rule(name: nameless, conditions: [condition]).rule(for: kind)
        return condition
    }

    /// The rule that is to be saved. Throws the first thing that is wrong.
    func rule(for kind: DeviceKind) throws(Problem) -> API.Rule {
        guard !name.trimmed.isEmpty else {
            throw Problem(.malformedInput, "The name of the rule is missing.", next: ["Fill it in and try again."])
        }
        let (rule, state) = read(for: kind)
        try state.check([.name] + lines.indices.map(Place.condition) + [.tags])
        return rule
    }

    /// Stands for the rule's name while there is none.
    private static let nameless = "this rule"
}

extension API.Condition {
    /// Nothing was chosen or typed.
    var isBlank: Bool { field.isEmpty && value.trimmed.isEmpty }
}
