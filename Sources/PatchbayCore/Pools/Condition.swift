/// One comparison of a device's field with a value. Text form: `numa=0`, `name*=A100`.
///
/// Numbers, ids and addresses are compared as what they are, everything else as text. A field that a device does not
/// have (no driver, no group) is unequal to every value and neither less nor greater; `driver=""` asks for exactly that.
package struct Condition: Hashable, Codable, Sendable {
    package enum Comparison: String, Codable, Sendable, CaseIterable {
        case equal = "="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case begins = "^="
        case ends = "$="
        case contains = "*="
        /// Contains, whatever the case.
        case containsAnyCase = "*~"
        /// A regular expression is found somewhere in it.
        case matches = "~"
    }

    package var field: DeviceField
    package var comparison: Comparison
    package var value: String

    package init(_ field: DeviceField, _ comparison: Comparison, _ value: String) {
        self.field = field
        self.comparison = comparison
        self.value = value
    }
}

extension Condition.Comparison {
    /// Only these can be asked of a field that is absent.
    var isEquality: Bool { self == .equal || self == .notEqual }

    var isOrdering: Bool {
        switch self {
        case .less, .lessOrEqual, .greater, .greaterOrEqual: true
        case .equal, .notEqual, .begins, .ends, .contains, .containsAnyCase, .matches: false
        }
    }

    /// Looks at the letters of the value, not at what it means.
    var isPattern: Bool { !isEquality && !isOrdering }
}
