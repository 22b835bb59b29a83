/// A condition made ready to be asked of many devices: its value is parsed once.
struct ConditionMatcher: Sendable {
    private enum Test: Sendable {
        case isAbsent(Bool)
        case number(Int)
        case text(String)
        case pattern(String, anyCase: Bool)
        case expression(RuleExpression)
        case patterns([OpenNebulaPattern])
        case shortAddresses(Set<Int>)
        /// The value is not one that the field can have. `validate` says so to whoever writes it; what an earlier Patchbay
        /// has stored is a finding.
        case never(Problem)
    }

    private let field: DeviceField
    private let comparison: Condition.Comparison
    private let test: Test

    init(_ condition: Condition, of kind: DeviceKind = .pci) {
        field = condition.field
        comparison = condition.comparison
        do throws(Problem) { test = try Self.test(condition, kind) } catch { test = .never(error) }
    }

    /// Why it matches nothing whatever there is; nil: it may match.
    var refusal: Problem? {
        if case .never(let problem) = test { problem } else { nil }
    }

    private static func test(_ condition: Condition, _ kind: DeviceKind) throws(Problem) -> Test {
        let (field, comparison, value) = (condition.field, condition.comparison, condition.value)
        if comparison.isEquality, value.isEmpty { return .isAbsent(comparison == .equal) }
        if comparison == .matches { return .expression(try RuleExpression(value)) }
        if comparison == .containsAnyCase { return .pattern(value.lowercased(), anyCase: true) }
        let test: Test? =
            switch field.kind(of: kind) {
            case .text, .word: comparison.isPattern ? .pattern(value, anyCase: false) : .text(value)
            case .decimal, .hexadecimal, .address, .slot:
                comparison.isPattern
                    ? .pattern(value.lowercased(), anyCase: true) : field.number(value, of: kind).map(Test.number)
            case .patterns: OpenNebulaPattern.list(value).map(Test.patterns)
            case .shortAddresses: OpenNebulaPattern.shortAddresses(value).map(Test.shortAddresses)
            }
        guard let test else { throw condition.refused(kind) }
        return test
    }

    func matches(_ facts: some DeviceFactSource) -> Bool {
        switch test {
        case .patterns(let patterns): facts.matches(patterns) == (comparison == .equal)
        case .shortAddresses(let addresses): facts.isAt(addresses) == (comparison == .equal)
        case .isAbsent(let wanted): facts.texts(of: field).allSatisfy(\.isEmpty) == wanted
        case .number(let value):
            comparison == .notEqual
                ? !facts.hasNumber(of: field) { $0 == value }
                : facts.hasNumber(of: field) { compare($0, value) }
        case .text(let value):
            comparison == .notEqual
                ? !facts.texts(of: field).contains(value)
                : facts.texts(of: field).contains { compare($0, value) }
        case .pattern(let value, let anyCase):
            facts.texts(of: field).contains { found(value, in: anyCase ? $0.lowercased() : $0) }
        case .expression(let expression):
            facts.texts(of: field).contains { expression.isFound(in: $0) }
        case .never: false
        }
    }

    private func compare<Value: Comparable>(_ a: Value, _ b: Value) -> Bool {
        switch comparison {
        case .equal: a == b
        case .notEqual: a != b
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        case .begins, .ends, .contains, .containsAnyCase, .matches: false
        }
    }

    private func found(_ part: String, in text: String) -> Bool {
        switch comparison {
        case .begins: text.hasPrefix(part)
        case .ends: text.hasSuffix(part)
        case .contains, .containsAnyCase: text.contains(part)
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .matches: false
        }
    }
}

extension Rule {
    /// Why it matches nothing, whatever there is, though it is enabled: today's Patchbay refuses what an
    /// earlier one has stored. nil: it may match.
    package func refusal(of kind: DeviceKind) -> Problem? {
        isEnabled ? conditions.lazy.compactMap { ConditionMatcher($0, of: kind).refusal }.first : nil
    }
}

/// A rule made ready to be asked of many devices.
struct RuleMatcher: Sendable {
    private let rule: Rule
    private let conditions: [ConditionMatcher]

    init(_ rule: Rule, of kind: DeviceKind) {
        self.rule = rule
        self.conditions = rule.conditions.map { ConditionMatcher($0, of: kind) }
    }

    func matches(_ device: some Device, on host: String) -> Bool {
        guard rule.isEnabled, !conditions.isEmpty, rule.host == nil || rule.host == host else { return false }
        let facts = device.facts(on: host)
        return conditions.allSatisfy { $0.matches(facts) }
    }
}

/// A pool made ready to be asked of many devices.
package struct PoolMatcher: Sendable {
    private let kind: DeviceKind
    private let rules: [RuleMatcher]
    /// Of each rule.
    private let tags: [DeviceTags]
    private let hasTags: Bool

    package init(_ pool: Pool) {
        kind = pool.kind
        rules = pool.rules.map { RuleMatcher($0, of: pool.kind) }
        tags = pool.rules.map { DeviceTags($0.tags) }
        hasTags = pool.rules.contains { !$0.tags.isEmpty }
    }

    /// The tags of a device in the pool, none where the pool knows none; nil: it is not in the pool.
    func membership(of device: some Device, on host: String) -> DeviceTags? {
        hasTags ? tags(of: device, on: host) : matches(device, on: host) ? [:] : nil
    }

    /// What the first enabled rule that matches says of the device; nil: none does.
    func tags(of device: some Device, on host: String) -> DeviceTags? {
        guard mayHave(device), let first = rules.firstIndex(where: { $0.matches(device, on: host) }) else {
            return nil
        }
        return device.completing(tags[first])
    }

    package func matches(_ device: some Device, on host: String) -> Bool {
        mayHave(device) && rules.contains { $0.matches(device, on: host) }
    }

    /// A pool has devices of one kind, and none that stays with the host whatever happens.
    private func mayHave<D: Device>(_ device: D) -> Bool { D.kind == kind && !device.isNeverLent }
}
