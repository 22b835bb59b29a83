/// The filter language of `--where`, of the API's `filter` and of the search fields:
/// `state=free numa=0 name*=A100 name="A 100"`.
///
/// Conditions are separated by white space and must all hold. A value with spaces stands in double or single quotes;
/// inside quotes a backslash makes the next character stand for itself. The same conditions as in rules, and some that
/// ask what a device is used for: `state`, `pool`, `vm`, `host`, `alone`, `verdict`, `use`.
package struct DeviceFilter: Hashable, Sendable, CustomStringConvertible {
    package var conditions: [Condition]

    /// No condition matches everything.
    package init(_ conditions: [Condition] = []) { self.conditions = conditions }

    /// Throws `.malformedInput` or `.unknownField`; the sentence names the column, counted from 1, and the evidence shows it.
    ///
    /// - Parameter kind: what the devices are; it decides which fields there are.
    package init(parsing text: String, for kind: DeviceKind = .pci) throws(Problem) {
        var parser = try DeviceFilterParser(text, for: kind)
        conditions = try parser.conditions()
    }

    /// What `init(parsing:)` reads back to the same conditions.
    package var description: String {
        conditions.map { "\($0.field.rawValue)\($0.comparison.rawValue)\(Self.quoted($0.value))" }
            .joined(separator: " ")
    }

    private static func quoted(_ value: String) -> String {
        let scalars = value.unicodeScalars
        let needsQuotes =
            value.isEmpty || DeviceFilterParser.startsAmbiguously(value)
            || scalars.contains { $0.properties.isWhitespace || $0 == "\"" || $0 == "'" || $0 == "\\" }
        guard needsQuotes else { return value }
        var escaped = String.UnicodeScalarView()
        for scalar in scalars {
            if scalar == "\"" || scalar == "\\" { escaped.append("\\") }
            escaped.append(scalar)
        }
        return "\"\(String(escaped))\""
    }

    /// Made once, asked of many devices.
    package func matcher(for kind: DeviceKind = .pci) -> DeviceMatcher {
        DeviceMatcher(conditions.map { ConditionMatcher($0, of: kind) })
    }

    /// For one device; use `matcher()` for many.
    package func matches<D: Device>(_ device: D, used use: DeviceUse) -> Bool {
        matcher(for: D.kind).matches(device, used: use)
    }
}

/// A filter made ready to be asked of many devices: values and regular expressions are parsed once.
package struct DeviceMatcher: Sendable {
    private let conditions: [ConditionMatcher]

    init(_ conditions: [ConditionMatcher]) { self.conditions = conditions }

    /// Of a device of the matcher's kind.
    package func matches(_ device: some Device, used use: DeviceUse) -> Bool {
        let facts = UsedDevice(facts: device.facts(on: use.host), key: device.key, use: use)
        return conditions.allSatisfy { $0.matches(facts) }
    }
}
