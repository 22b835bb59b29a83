extension Condition {
    /// - Parameters:
    ///   - allowed: the fields that may be asked for here.
    ///   - kind: what the devices are.
    ///
    /// Throws `.unknownField`, or `.malformedRule` for an operator or a value that does not suit the field.
    package func validate(among allowed: [DeviceField], of kind: DeviceKind = .pci) throws(Problem) {
        guard allowed.contains(field) else {
            let who = field.isKnown(of: kind) ? "A rule" : "A condition on a device of kind \(kind.rawValue)"
            throw Problem(
                .unknownField, "\(who) cannot use the field \(field.rawValue).",
                next: ["Use one of \(allowed.map(\.rawValue).joined(separator: ", "))."])
        }
        guard value.utf8.count <= 256, value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            throw Problem(
                .malformedRule, "The value of \(field.rawValue) is too long or not a single line of text.",
                next: ["Use at most 256 bytes without control characters."])
        }
        try validateComparison(kind)
        if comparison == .matches { _ = try RuleExpression(value) } else { try validateValue(kind) }
    }

    private func validateComparison(_ kind: DeviceKind) throws(Problem) {
        guard field.accepts(comparison, of: kind) else {
            let suitable = Comparison.allCases.filter { field.accepts($0, of: kind) }.map(\.rawValue)
            throw Problem(
                .malformedRule, "\"\(comparison.rawValue)\" cannot be used with \(field.rawValue).",
                next: ["Use one of \(suitable.joined(separator: "  "))"])
        }
    }

    private func validateValue(_ kind: DeviceKind) throws(Problem) {
        if comparison.isEquality, value.isEmpty { return }
        guard !value.isEmpty else {
            throw Problem(
                .malformedRule, "\(field.rawValue)\(comparison.rawValue) needs a value.",
                next: ["Only = and != accept an empty value, which means that the device has none."])
        }
        guard !comparison.isPattern else { return }
        switch field.kind(of: kind) {
        case .text: return
        case .word(let words):
            if words.contains(value) { return }
            throw refused(kind, meaning: Spelling.hint(for: value, among: words))
        case .decimal, .hexadecimal, .address, .slot: if field.number(value, of: kind) != nil { return }
        case .patterns: if OpenNebulaPattern.list(value) != nil { return }
        case .shortAddresses: if OpenNebulaPattern.shortAddresses(value) != nil { return }
        }
        throw refused(kind)
    }

    func refused(_ kind: DeviceKind, meaning meant: [NextStep] = []) -> Problem {
        Problem(
            .malformedRule, "\"\(value)\" is not a valid value of \(field.rawValue)\(fault(kind)).",
            next: meant + [NextStep("Write \(field.example(of: kind))." + hint)])
    }

    /// What is missing or out of range: `: its slot is 50, and slots go from 00 to 1f`; empty where that is not what is wrong.
    private func fault(_ kind: DeviceKind) -> String {
        switch field.kind(of: kind) {
        case .address: AddressSpelling.fault(value) ?? ""
        case .slot: AddressSpelling.fault(value + ".0") ?? ""
        case .text, .word, .decimal, .hexadecimal, .patterns, .shortAddresses: ""
        }
    }

    /// What somebody who writes `vendor=nvidia` or `class=0302` meant.
    private var hint: String {
        switch field {
        case .vendor, .device: " To search the name for a word: name*~\(value)"
        case .class where value.utf8.allSatisfy(\.isHexDigit): " To match a whole class: class^=\(value)"
        case .class: " To match a whole class: class^=03. To search its name for a word: classname*~\(value)"
        case .slot where (try? PCIAddress(value)) != nil: " With a function number it is an address: address=\(value)"
        case .name, .id, .subsystem, .classname, .driver, .address, .slot, .group, .numa, .revision, .role, .host,
            .topology, .state, .pool, .vm, .serial, .label, .width, .reset, .parent, .vfs, .pci, .short, .alone,
            .verdict, .use, .port, .product, .speed, .controller, .version:
            ""
        }
    }
}

extension DeviceField {
    /// Whether the operator means anything for the field.
    package func accepts(_ comparison: Condition.Comparison, of kind: DeviceKind = .pci) -> Bool {
        switch self.kind(of: kind) {
        case .decimal: !comparison.isPattern
        case .word: !comparison.isOrdering
        case .patterns, .shortAddresses: comparison.isEquality
        case .text, .hexadecimal, .address, .slot: true
        }
    }
}
