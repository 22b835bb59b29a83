/// The wire types of `/v1`: flat, explicit, additive. Times are milliseconds since 1970-01-01T00:00:00Z.
///
/// Clients ignore fields they do not know; the server refuses them in requests (`WireRequest`).
package enum API {}

/// The body of a request, or a part of one: the server refuses fields that it does not have, by name.
package protocol WireRequest: Codable, Sendable {}

extension WireRequest {
    /// The names of its fields, in their order.
    package static var fieldNames: [String] {
        if case .object(let object) = WireShape(of: Self.self) { object.fields.map(\.name) } else { [] }
    }
}
