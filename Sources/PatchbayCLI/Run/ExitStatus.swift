import PatchbayCore

/// The exit codes of every command, each written once.
package enum ExitStatus: Int32, Sendable, CaseIterable {
    case done = 0
    case failed = 1
    case refused = 2
    case notFound = 3
    case conflict = 4
    case notAllowed = 5
    case unreachable = 6
    case timedOut = 7
    case rolledBack = 8
    case stuck = 9
    case changesPending = 10
    case usage = 64
    case interrupted = 130

    package init(_ problem: Problem) {
        if problem.code == .interrupted {
            self = .interrupted
            return
        }
        switch problem.code.category {
        case .failed: self = .failed
        case .refused: self = .refused
        case .notFound: self = .notFound
        case .conflict: self = .conflict
        case .notAllowed: self = .notAllowed
        case .unreachable: self = .unreachable
        case .timedOut: self = .timedOut
        case .rolledBack: self = .rolledBack
        case .stuck: self = .stuck
        case .invalid: self = .usage
        }
    }

    /// The one that a command ends with which was answered several times: what needs a person first.
    static func worst(_ statuses: [ExitStatus]) -> ExitStatus {
        byWeight.first { statuses.contains($0) } ?? .done
    }

    private static let byWeight: [ExitStatus] = [
        .interrupted, .stuck, .rolledBack, .failed, .timedOut, .unreachable, .refused, .notAllowed, .conflict,
        .notFound, .usage, .changesPending, .done,
    ]

    /// For `patchbay help exit-codes`.
    package var words: String {
        switch self {
        case .done: "done, or nothing to do"
        case .failed: "failed"
        case .refused: "refused by a safety rule; of doctor: a check failed"
        case .notFound: "not found"
        case .conflict: "conflict: taken, or changed in the meantime"
        case .notAllowed: "not allowed"
        case .unreachable: "server or agent not reachable"
        case .timedOut: "not ended within --timeout"
        case .rolledBack: "failed and rolled back"
        case .stuck: "failed and stuck: the host needs manual cleanup"
        case .changesPending: "changes pending (diff, or --dry-run --exit-code)"
        case .usage: "usage: the command line or its input is not valid"
        case .interrupted: "interrupted"
        }
    }
}

/// Ends a command with a status that is no error, such as pending changes.
struct Ending: Error {
    var status: ExitStatus
}
