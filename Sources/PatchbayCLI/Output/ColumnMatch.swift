import PatchbayAPI
import PatchbayCore

/// One condition of `--where` over what a column shows.
struct ColumnMatch {
    private let comparison: Condition.Comparison
    private let value: String
    private let expression: RuleExpression?

    /// - Parameter values: all that the column can say; nil: anything.
    init(_ condition: API.Condition, of column: String, values: [String]?) throws(Problem) {
        guard let comparison = Condition.Comparison(rawValue: condition.comparison) else {
            throw FilterText.malformed("\"\(condition.comparison)\" is not a valid comparison.")
        }
        self.comparison = comparison
        value = condition.value
        if let values, comparison == .equal || comparison == .notEqual,
            !values.contains(where: { $0.lowercased() == condition.value.lowercased() })
        {
            throw FilterText.unknownValue(condition.value, of: column, known: values)
        }
        guard comparison == .matches else {
            expression = nil
            return
        }
        expression = try RuleExpression(condition.value)
    }

    func holds(for text: String) -> Bool {
        switch comparison {
        case .equal: text.lowercased() == value.lowercased()
        case .notEqual: text.lowercased() != value.lowercased()
        case .less: naturalOrder(text, value) < 0
        case .lessOrEqual: naturalOrder(text, value) <= 0
        case .greater: naturalOrder(text, value) > 0
        case .greaterOrEqual: naturalOrder(text, value) >= 0
        case .begins: text.hasPrefix(value)
        case .ends: text.hasSuffix(value)
        case .contains: text.contains(value)
        case .containsAnyCase: text.lowercased().contains(value.lowercased())
        case .matches: expression?.isFound(in: text) ?? false
        }
    }
}
