import PatchbayCore
import PatchbayStore

/// Who gets in: a token for programs, sessions for browsers. One place decides, for `/v1` and for the pages.
///
/// Sessions are kept in the store, so that they outlive the server: under a hash of their secret, with a hash of the
/// token that opened them. Who reads the store gets into none, and a new token ends all.
package actor Access {
    private let token: String
    private let now: @Sendable () -> Int
    /// nil: sessions end with this process.
    private let store: (any Store)?
    /// By the hash of their secret: those that were asked for in this process.
    private var sessions: [String: StoredSession] = [:]
    /// For callers without a session of their own: those on the unix socket.
    private let ownFormToken = Secret.make()

    package static let cookieName = "patchbay-session"
    /// A browser that was idle for so long has to log in again: 12 hours.
    private static let patience = 12 * 3_600_000
    /// A session's last use is written down at most so often: 10 minutes.
    private static let writtenEvery = 600_000
    private static let mostSessions = 1000

    package init(token: String, store: (any Store)? = nil, now: @escaping @Sendable () -> Int) {
        self.token = token
        self.store = store
        self.now = now
    }

    /// nil: it is not the token.
    package func caller(token candidate: String) -> String? {
        Secret.isEqual(candidate, token) ? "token admin" : nil
    }

    /// - Returns: the session's secret, for the cookie; nil: it is not the token.
    package func startSession(token candidate: String) async throws(Problem) -> String? {
        guard let caller = caller(token: candidate) else { return nil }
        try await forgetOld()
        let secret = Secret.make()
        let name = SHA256.hash(of: secret)
        let session = StoredSession(caller: caller, token: SHA256.hash(of: token), usedAt: now())
        try await keep(session, name)
        sessions[name] = session
        return secret
    }

    /// nil: there is no such session any more.
    package func caller(session: String) async throws(Problem) -> String? {
        let name = SHA256.hash(of: session)
        guard var known = try await find(name), isOpen(known) else { return nil }
        let isNoted = now() - known.usedAt < Self.writtenEvery
        guard !isNoted else { return known.caller }
        known.usedAt = now()
        try await keep(known, name)
        // It may have been ended meanwhile.
        if sessions[name] != nil { sessions[name] = known }
        return known.caller
    }

    package func endSession(_ session: String) async throws(Problem) {
        let name = SHA256.hash(of: session)
        sessions[name] = nil
        _ = try await store?.commit([.delete(StateKey.session(name))], if: [])
    }

    /// What the forms of a session carry; nil session: those of a caller on the unix socket.
    ///
    /// It follows from the session's secret, so that pages that are open still have it when the server starts again.
    package func formToken(session: String?) -> String {
        session.map { SHA256.hash(of: "form \($0)") } ?? ownFormToken
    }

    package func accepts(formToken: String, session: String?) -> Bool {
        Secret.isEqual(formToken, self.formToken(session: session))
    }

    private func isOpen(_ session: StoredSession) -> Bool {
        now() - session.usedAt < Self.patience && Secret.isEqual(session.token, SHA256.hash(of: token))
    }

    private func find(_ name: String) async throws(Problem) -> StoredSession? {
        if let known = sessions[name] { return known }
        guard let stored = try await store?.get(StateKey.session(name)) else { return nil }
        let session = try Versioned<StoredSession>.read(stored.value, from: stored.key)
        sessions[name] = session
        return session
    }

    private func keep(_ session: StoredSession, _ name: String) async throws(Problem) {
        let bytes = try Versioned.bytes(session)
        _ = try await store?.commit([.put(StateKey.session(name), bytes)], if: [])
    }

    /// Those that are over, and the longest unused of more than a thousand.
    private func forgetOld() async throws(Problem) {
        for stored in try await store?.list(StateKey.sessionPrefix).values ?? [] {
            let name = String(stored.key.dropFirst(StateKey.sessionPrefix.count))
            sessions[name] = try Versioned<StoredSession>.read(stored.value, from: stored.key)
        }
        let byUse = sessions.sorted { $0.value.usedAt < $1.value.usedAt }
        let superfluous = max(0, byUse.count - Self.mostSessions + 1)
        let over = byUse.enumerated().filter { $0.offset < superfluous || !isOpen($0.element.value) }
        for (_, session) in over {
            sessions[session.key] = nil
            _ = try await store?.commit([.delete(StateKey.session(session.key))], if: [])
        }
    }
}

/// The value under `sessions/…`: the session of a browser.
struct StoredSession: Codable, Hashable, Sendable {
    /// As the audit log writes it.
    var caller: String
    /// A hash of the token that opened it.
    var token: String
    /// Milliseconds since 1970-01-01T00:00:00Z.
    var usedAt: Int
}
