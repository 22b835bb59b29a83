import Foundation
import PatchbayCore

/// Cuts the texts of a report that are longer than they may be (`ReportLimits`), wherever they are in it.
enum ReportText {
    static func cut<Value: Codable>(_ value: Value) throws(Problem) -> Value {
        do {
            let whole = try JSONSerialization.jsonObject(
                with: try JSONEncoder().encode(value), options: [.fragmentsAllowed])
            let data = try JSONSerialization.data(withJSONObject: cut(whole, named: ""), options: [.fragmentsAllowed])
            return try JSONDecoder().decode(Value.self, from: data)
        } catch {
            throw Problem(.malformedInput, "The report's texts cannot be shortened.", cause: "\(error)")
        }
    }

    /// - Parameter name: of the nearest member it is in.
    private static func cut(_ value: Any, named name: String) -> Any {
        switch value {
        case let text as String: text.cut(toBytes: ReportLimits.longestText(named: name))
        case let members as [String: Any]:
            Dictionary(uniqueKeysWithValues: members.map { ($0.key, cut($0.value, named: $0.key)) })
        case let elements as [Any]: elements.map { cut($0, named: name) }
        default: value
        }
    }
}
