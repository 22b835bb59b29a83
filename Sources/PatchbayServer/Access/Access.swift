import Logging
import PatchbayCore
import PatchbayStore

/// Who gets in: a token for programs, sessions for browsers. One place decides, for `/v1` and for the pages.
///
/// Sessions are known in memory, and kept in the store so that they outlive the server: under a hash of their secret, with
/// a hash of the token that opened them. Who reads the store gets into none, and a new token ends all. A store that
/// cannot be written or read keeps nobody out: what it does not take is a session of this process only.
package actor Access {
    private let token: String
    private let now: @Sendable () -> Int
    /// nil: sessions end with this process.
    private let store: (any Store)?
    private let logger: Logger?
    /// By the hash of their secret: those that were asked for in this process.
    private var sessions: [String: StoredSession] = [:]
    /// Those that were ended while the store could not be told so.
    private var ended: Set<String> = []
    private var isStoreWell = true
    /// For callers without a session of their own: those on the unix socket.
    private let ownFormToken = Secret.make()

    /// A browser that was idle for so long has to log in again: 12 hours.
    private static let patience = 12 * 3_600_000
    /// A session's last use is written down at most so often: 10 minutes.
    private static let writtenEvery = 600_000
    private static let mostSessions = 1000

    package init(
        token: String, store: (any Store)? = nil, logger: Logger? = nil, now: @escaping @Sendable () -> Int
    ) {
        self.token = token
        self.store = store
        self.logger = logger
        self.now = now
    }

    /// nil: it is not the token.
    package func caller(token candidate: String) -> String? {
        Secret.isEqual(candidate, token) ? "token admin" : nil
    }

    /// - Returns: the session's secret, for the cookie; nil: it is not the token.
    package func startSession(token candidate: String) async -> String? {
        guard let caller = caller(token: candidate) else { return nil }
        await forgetOld()
        let secret = Secret.make()
        let name = SHA256.hash(of: secret)
        let session = StoredSession(caller: caller, token: SHA256.hash(of: token), usedAt: now())
        await keep(session, name)
        return secret
    }

    /// nil: there is no such session any more.
    package func caller(session: String) async -> String? {
        let name = SHA256.hash(of: session)
        guard var known = await find(name), isOpen(known) else { return nil }
        if now() - known.usedAt >= Self.writtenEvery {
            known.usedAt = now()
            await keep(known, name)
        }
        return known.caller
    }

    package func endSession(_ session: String) async {
        await forget(SHA256.hash(of: session))
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

    private func find(_ name: String) async -> StoredSession? {
        if let known = sessions[name] { return known }
        let key = StateKey.session(name)
        guard !ended.contains(name), let stored = await asking({ store throws(Problem) in try await store.get(key) }),
            let value = stored
        else { return nil }
        return await read(value, name)
    }

    /// One that cannot be read is none, and is dropped: it would lock out whoever logs in.
    private func read(_ stored: StoredValue, _ name: String) async -> StoredSession? {
        do throws(Problem) {
            let session = try Versioned<StoredSession>.read(stored.value, from: stored.key)
            // Meanwhile it may have been ended, or used.
            guard !ended.contains(name) else { return nil }
            sessions[name] = sessions[name] ?? session
            return sessions[name]
        } catch {
            logger?.notice("session dropped", metadata: ["problem": "\(error.detail)"])
            await forget(name)
            return nil
        }
    }

    /// In memory at once; whether the store has it, too, is not waited for by anything that depends on it.
    private func keep(_ session: StoredSession, _ name: String) async {
        sessions[name] = session
        _ = await isWritten { () throws(Problem) in .put(StateKey.session(name), try Versioned.bytes(session)) }
        if sessions[name] == nil { await forget(name) }
    }

    private func forget(_ name: String) async {
        sessions[name] = nil
        guard store != nil else { return }
        ended.insert(name)
        if await isWritten({ .delete(StateKey.session(name)) }) { ended.remove(name) }
    }

    private func isWritten(_ write: () throws(Problem) -> Write) async -> Bool {
        let revision = await asking { store throws(Problem) in try await store.commit([try write()], if: []) }
        guard revision != nil else { return false }
        if !isStoreWell { logger?.notice("sessions can be saved again") }
        isStoreWell = true
        return true
    }

    /// Those that are over, and the longest unused of more than a thousand.
    private func forgetOld() async {
        let stored = await asking { store throws(Problem) in try await store.list(StateKey.sessionPrefix).values }
        for value in stored ?? [] {
            let name = String(value.key.dropFirst(StateKey.sessionPrefix.count))
            if sessions[name] == nil { _ = await read(value, name) }
        }
        let byUse = sessions.sorted { $0.value.usedAt < $1.value.usedAt }
        let superfluous = max(0, byUse.count - Self.mostSessions + 1)
        let over = byUse.enumerated().filter { $0.offset < superfluous || !isOpen($0.element.value) }
        for name in over.map(\.element.key) + ended { await forget(name) }
    }

    /// nil: the store did not do it, or there is none. That is said once, until something is written again.
    private func asking<Answer: Sendable>(
        _ question: (any Store) async throws(Problem) -> Answer
    ) async -> Answer? {
        guard let store else { return nil }
        do throws(Problem) {
            return try await question(store)
        } catch {
            // Nobody waits for the answer any more: that says nothing of the store.
            guard error.code != .interrupted else { return nil }
            if isStoreWell {
                logger?.warning(
                    "sessions cannot be saved: they end with this process",
                    metadata: ["problem": "\(error.detail)", "cause": "\(error.cause ?? "none")"])
            }
            isStoreWell = false
            return nil
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
