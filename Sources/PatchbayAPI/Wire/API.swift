/// The wire types of `/v1`: flat, explicit, additive. Times are milliseconds since 1970-01-01T00:00:00Z.
///
/// Clients ignore fields they do not know; the server refuses them in requests (`WireRequest`).
package enum API {}

/// A request body. The server compares the fields it was sent with `fieldNames` and refuses others by name.
package protocol WireRequest: Codable, Sendable {
    static var fieldNames: [String] { get }
}
