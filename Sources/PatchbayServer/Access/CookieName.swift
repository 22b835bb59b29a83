import HTTPTypes
import Hummingbird

/// What a cookie of this server is called.
///
/// Browsers send cookies to every port of a host (RFC 6265, section 8.5): without the port in their names two servers on one
/// machine would log each other's visitors out. The port is the one that the browser asked for, whatever stands in between.
package enum CookieName {
    /// `patchbay-session-8420`
    package static func of(_ kind: Kind, at request: Request) -> String {
        let name = "patchbay-\(kind.rawValue)"
        guard let port = port(of: request.head.authority ?? "") else { return name }
        return "\(name)-\(port)"
    }

    package enum Kind: String, Sendable {
        case session, notice
    }

    /// nil: the one of the scheme.
    private static func port(of authority: String) -> Int? {
        let end = authority.drop { $0 != "]" }
        let rest = end.isEmpty ? authority[...] : end
        return rest.firstIndex(of: ":").flatMap { Int(rest[rest.index(after: $0)...]) }
    }
}
