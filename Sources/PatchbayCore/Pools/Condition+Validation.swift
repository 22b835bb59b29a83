extension Condition {
    /// - Parameter allowed: the fields that may be asked for here.
    /// Throws `.unknownField`, or `.malformedRule` for an operator or a value that does not suit the field.
    package func validate(among allowed: [DeviceField]) throws(Problem) {
        guard allowed.contains(field) else {
            throw Problem(
                .unknownField, "A rule cannot ask for \(field.rawValue).",
                next: ["Use one of \(allowed.map(\.rawValue).joined(separator: ", "))."])
        }
        guard value.utf8.count <= 256, value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            throw Problem(
                .malformedRule, "The value of \(field.rawValue) is too long or not one line of text.",
                next: ["Use at most 256 bytes without control characters."])
        }
        try validateComparison()
        if comparison == .matches { _ = try RuleExpression.compile(value) } else { try validateValue() }
    }

    private func validateComparison() throws(Problem) {
        guard field.accepts(comparison) else {
            let suitable = Comparison.allCases.filter { field.accepts($0) }.map(\.rawValue)
            throw Problem(
                .malformedRule, "\"\(comparison.rawValue)\" does not suit \(field.rawValue).",
                next: ["Use one of \(suitable.joined(separator: "  "))"])
        }
    }

    private func validateValue() throws(Problem) {
        if comparison.isEquality, value.isEmpty { return }
        guard !value.isEmpty else {
            throw Problem(
                .malformedRule, "\(field.rawValue)\(comparison.rawValue) needs a value.",
                next: ["Only = and != can ask for no value, which means: the device has none."])
        }
        guard !comparison.isPattern else { return }
        let isValue =
            switch field.kind {
            case .text: true
            case .word(let words): words.contains(value)
            case .decimal, .hexadecimal, .address, .slot: field.number(value) != nil
            }
        guard isValue else {
            throw Problem(
                .malformedRule, "\"\(value)\" is no value of \(field.rawValue).",
                next: ["Write \(field.example)." + hint])
        }
    }

    /// What somebody who writes `vendor=nvidia` or `class=0302` meant.
    private var hint: String {
        switch field {
        case .vendor, .device: " To look for a word in the name: name*~\(value)"
        case .class: " To look for a whole class: class^=\(value)"
        case .slot where (try? PCIAddress(value)) != nil: " With a function it is an address: address=\(value)"
        case .name, .id, .subsystem, .classname, .driver, .address, .slot, .group, .numa, .revision, .role, .host,
            .topology, .state, .pool, .vm:
            ""
        }
    }
}

extension DeviceField {
    /// Whether the operator means anything for the field.
    package func accepts(_ comparison: Condition.Comparison) -> Bool {
        switch kind {
        case .decimal: !comparison.isPattern
        case .word: !comparison.isOrdering
        case .text, .hexadecimal, .address, .slot: true
        }
    }
}
