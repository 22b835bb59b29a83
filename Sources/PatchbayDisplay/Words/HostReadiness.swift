import PatchbayAPI
import PatchbayCore

/// How a host is told of in a word, in every list, head and tile: by the worst that the doctor found there, and by whether
/// its agent is heard.
package enum HostReadiness: Hashable, Sendable {
    case ready
    /// It lends, and there are warnings.
    case warned(Int)
    /// It was ready when it was last heard of.
    case away
    /// Its agent is heard, and cannot read it: what is shown may be old.
    case unreadable
    case notReady

    /// - Parameter countsAgent: false where it was read without a server, so that nobody can speak of an agent.
    package init(_ host: API.Host, countsAgent: Bool = true) {
        let findings = host.findings.count { $0.severity > .note }
        let open = findings + (host.readiness.warnings ?? 0)
        if !host.readiness.isReady {
            self = .notReady
        } else if countsAgent, !host.agent.isConnected {
            self = .away
        } else if host.findings.contains(where: { $0.code == "host-unreadable" }) {
            self = .unreadable
        } else {
            self = open == 0 ? .ready : .warned(open)
        }
    }

    /// It could lend now.
    package var isReady: Bool {
        switch self {
        case .ready, .warned: true
        case .away, .unreadable, .notReady: false
        }
    }

    package var words: String {
        switch self {
        case .ready: "ready"
        case .warned(let count): "ready, \(count) \(count == 1 ? "warning" : "warnings")"
        case .away: "offline"
        case .unreadable: "cannot be read"
        case .notReady: "not ready"
        }
    }
}
