import PatchbayCore

/// Who gets in: a token for programs, sessions for browsers. One place decides, for `/v1` and for the pages.
package actor Access {
    private struct Session {
        var caller: String
        var formToken: String
        var usedAt: Int
    }

    private let token: String
    private let now: @Sendable () -> Int
    private var sessions: [String: Session] = [:]
    /// For callers without a session of their own: those on the unix socket.
    private let ownFormToken = Secret.make()

    package static let cookieName = "patchbay-session"
    /// A browser that was idle for so long has to log in again: 12 hours.
    private static let patience = 12 * 3_600_000
    private static let mostSessions = 1000

    package init(token: String, now: @escaping @Sendable () -> Int) {
        self.token = token
        self.now = now
    }

    /// nil: it is not the token.
    package func caller(token candidate: String) -> String? {
        Secret.isEqual(candidate, token) ? "token admin" : nil
    }

    /// - Returns: the session's secret, for the cookie; nil: it is not the token.
    package func startSession(token candidate: String) -> String? {
        guard let caller = caller(token: candidate) else { return nil }
        forgetOld()
        let session = Secret.make()
        sessions[session] = Session(caller: caller, formToken: Secret.make(), usedAt: now())
        return session
    }

    /// nil: there is no such session any more.
    package func caller(session: String) -> String? {
        guard let known = sessions[session], now() - known.usedAt < Self.patience else { return nil }
        sessions[session]?.usedAt = now()
        return known.caller
    }

    package func endSession(_ session: String) { sessions[session] = nil }

    /// What the forms of a session carry; nil session: those of a caller on the unix socket.
    package func formToken(session: String?) -> String? {
        guard let session else { return ownFormToken }
        return sessions[session]?.formToken
    }

    package func accepts(formToken: String, session: String?) -> Bool {
        guard let expected = self.formToken(session: session) else { return false }
        return Secret.isEqual(formToken, expected)
    }

    private func forgetOld() {
        let limit = now() - Self.patience
        sessions = sessions.filter { $0.value.usedAt > limit }
        while sessions.count >= Self.mostSessions, let oldest = sessions.min(by: { $0.value.usedAt < $1.value.usedAt })
        {
            sessions[oldest.key] = nil
        }
    }
}
