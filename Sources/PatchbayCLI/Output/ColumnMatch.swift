import PatchbayAPI
import PatchbayCore

/// One condition of `--where` over what a column shows.
struct ColumnMatch {
    private let comparison: Condition.Comparison
    private let value: String
    private let expression: RuleExpression?

    init(_ condition: API.Condition) throws(Problem) {
        guard let comparison = Condition.Comparison(rawValue: condition.comparison) else {
            throw SelectorText.malformed("There is no comparison \"\(condition.comparison)\".")
        }
        self.comparison = comparison
        value = condition.value
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
