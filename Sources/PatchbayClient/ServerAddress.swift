import PatchbayAPI
import PatchbayCore

/// Where a Patchbay server listens: `http://host:port`, `https://host`, or `unix:/path/of/socket`.
package enum ServerAddress: Hashable, Sendable {
    /// Scheme, host and port, and a path prefix where a proxy wants one; no slash at the end.
    case http(String)
    /// Absolute path of the socket.
    case unix(String)

    /// The socket of the server on this machine.
    package static let standard = ServerAddress.unix("/run/patchbay/patchbay.sock")

    package init(_ text: String) throws(Problem) {
        if text.hasPrefix("unix:") {
            self = .unix(try Self.socketPath(text))
        } else if text.hasPrefix("http://") || text.hasPrefix("https://") {
            self = .http(try Self.base(text))
        } else {
            throw Self.malformed(text)
        }
    }

    /// `unix:/run/x.sock` and `unix:///run/x.sock` mean the same.
    private static func socketPath(_ text: String) throws(Problem) -> String {
        var path = text.dropFirst("unix:".count)
        if path.hasPrefix("//") { path = path.dropFirst(2) }
        // sockaddr_un.sun_path holds 108 bytes with the final zero, unix(7).
        guard path.hasPrefix("/"), path.utf8.count < 108, !path.utf8.contains(0) else { throw malformed(text) }
        return String(path)
    }

    private static func base(_ text: String) throws(Problem) -> String {
        let rest = text.drop { $0 != ":" }.dropFirst("://".count)
        let authority = rest.prefix { $0 != "/" }
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } && !text.contains { "?#\\@".contains($0) }
        guard isPlain, isHostAndPort(authority) else { throw malformed(text) }
        var base = Substring(text)
        while base.hasSuffix("/") { base = base.dropLast() }
        return String(base)
    }

    /// RFC 3986 section 3.2 without user information; an IPv6 address stands in brackets.
    private static func isHostAndPort(_ authority: Substring) -> Bool {
        let afterAddress = authority.lastIndex(of: "]").map { authority.index(after: $0) }
        let isBracketed = authority.hasPrefix("[")
        guard isBracketed == (afterAddress != nil) else { return false }
        let tail = authority[(afterAddress ?? authority.startIndex)...]
        let parts = tail.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, isBracketed ? parts.first?.isEmpty != false : parts.first?.isEmpty == false else {
            return false
        }
        guard parts.count == 2, let port = parts.last else { return true }
        return UInt16(port).map { $0 > 0 } ?? false
    }

    private static func malformed(_ text: String) -> Problem {
        Problem(
            .malformedInput, "\"\(text)\" is not the address of a server.",
            next: [
                "Write http://HOST:PORT, https://HOST or unix:/PATH, for example unix:/run/patchbay/patchbay.sock."
            ])
    }

    /// The URL of a request; `target` is path and query, already percent-encoded.
    func url(_ target: String) -> String {
        switch self {
        case .http(let base): base + target
        case .unix(let path):
            "http+unix://\(PathTemplate.encode(path).split(separator: ":", omittingEmptySubsequences: false).joined(separator: "%3A"))\(target)"
        }
    }
}

extension ServerAddress: CustomStringConvertible {
    package var description: String {
        switch self {
        case .http(let base): base
        case .unix(let path): "unix:\(path)"
        }
    }
}
