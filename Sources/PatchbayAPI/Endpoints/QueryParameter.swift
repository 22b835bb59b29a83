import PatchbayCore

/// A parameter behind the question mark: how it is described, read and written.
package struct QueryParameter<Value: Sendable>: AnyQueryParameter {
    package let name: String
    package let summary: String
    package let schema: JSONValue
    let read: @Sendable (String) throws(Problem) -> Value
    let write: @Sendable (Value) -> String

    /// For a request; nil: left out.
    package func callAsFunction(_ value: Value?) -> (String, String?) { (name, value.map(write)) }
}

/// A query parameter of any type.
package protocol AnyQueryParameter: Sendable {
    var name: String { get }
    var summary: String { get }
    var schema: JSONValue { get }
}

extension QueryParameter where Value == String {
    static func text(_ name: String, _ summary: String) -> Self {
        QueryParameter(
            name: name, summary: summary, schema: .object(["type": .text("string")]),
            read: { text throws(Problem) in text }, write: { $0 })
    }
}

extension QueryParameter where Value == Bool {
    static func flag(_ name: String, _ summary: String) -> Self {
        QueryParameter(
            name: name, summary: summary, schema: .object(["type": .text("boolean")]),
            read: { text throws(Problem) in
                switch text {
                case "false": return false
                case "true", "": return true
                default:
                    throw Problem(.malformedInput, "\"\(name)\" cannot be \"\(text)\".", next: ["Write true or false."])
                }
            }, write: { $0 ? "true" : "false" })
    }
}

extension QueryParameter where Value == Int {
    static func number(_ name: String, _ summary: String, in range: ClosedRange<Int>) -> Self {
        var schema: [String: JSONValue] = ["type": .text("integer"), "minimum": .integer(range.lowerBound)]
        if range.upperBound < Int.max { schema["maximum"] = .integer(range.upperBound) }
        return QueryParameter(
            name: name, summary: summary, schema: .object(schema),
            read: { text throws(Problem) in
                guard let number = Int(text), range.contains(number) else {
                    throw Problem(
                        .malformedInput, "\"\(name)\" cannot be \"\(text)\".",
                        next: ["Write a whole number from \(range.lowerBound) to \(range.upperBound)."])
                }
                return number
            }, write: { String($0) })
    }
}

extension QueryParameter where Value: CaseIterable & RawRepresentable<String> {
    static func choice(_ name: String, _ summary: String) -> Self {
        let words = Value.allCases.map(\.rawValue)
        return QueryParameter(
            name: name, summary: summary,
            schema: .object(["type": .text("string"), "enum": .list(words.map { .text($0) })]),
            read: { text throws(Problem) in
                guard let value = Value(rawValue: text) else {
                    throw Problem(
                        .malformedInput, "\"\(name)\" cannot be \"\(text)\".",
                        next: ["Write one of \(words.joined(separator: ", "))."])
                }
                return value
            }, write: { $0.rawValue })
    }
}

/// The query parameters of `/v1`.
package enum Query {
    package static let dryRun = QueryParameter.flag("dryRun", "true: change nothing; answer with the plan")
    package static let allow = QueryParameter.text(
        "allow", "Risks to accept: codes of refusals, separated by commas")
    package static let reason = QueryParameter.text("reason", "Why they are accepted; kept in the audit log")

    package static let limit = QueryParameter.number("limit", "Maximum number of elements", in: 1...10_000)
    package static let after = QueryParameter.text(
        "after", "Continue after this key, from the header patchbay-next of the previous page")

    package static let host = QueryParameter.text("host", "Only those of this host")
    package static let kind = QueryParameter<DeviceKind>.choice("kind", "Kind of device; default: pci")
    package static let filter = QueryParameter.text(
        "filter", "Conditions that must all hold, separated by spaces: state=free numa=0 name*=A100")
    package static let sort = QueryParameter.text(
        "sort", "Column to sort by: device, name, group, numa, driver, state or host; a leading - reverses the order")

    package static let phase = QueryParameter<PatchbayCore.Claim.Phase>.choice("phase", "Only claims in this phase")
    package static let owner = QueryParameter.text("owner", "Only claims of the owner of this name")
    package static let tenant = QueryParameter.text("tenant", "Only claims of this tenant")

    package static let eventLimit = QueryParameter.number("limit", "Maximum number of events", in: 1...5000)
    package static let follow = QueryParameter.flag("follow", "true: answer with a stream of events")
    package static let afterEvent = QueryParameter.number(
        "after", "Stream the events after this one; same as the header Last-Event-ID", in: 0...Int.max)

    package static let wait = QueryParameter.number("wait", "Seconds to wait for work", in: 0...60)
    package static let end = QueryParameter.flag("end", "true: the console was closed")
}
