import PatchbayAPI
import PatchbayCore
import PatchbayStore

extension ControlPlane {
    package func events(limit: Int) async throws(Problem) -> [API.Event] {
        try await view.events(limit).map { $0.record.event(id: $0.revision) }
    }

    /// One event a commit, so an event's number says exactly what was seen and what was not.
    package func eventStream(after id: Int?) async throws(Problem) -> AsyncThrowingStream<API.Event, any Error> {
        let present = try await store.list(StateKey.notice).revision
        let start = id ?? present
        let (stream, out) = AsyncThrowingStream.makeStream(
            of: API.Event.self, bufferingPolicy: .bufferingOldest(Self.buffered))
        guard start <= present else {
            // From the future: another store than the one the client knew.
            out.yield(.resync(present))
            return try await rest(stream, out, after: present)
        }
        return try await rest(stream, out, after: start)
    }

    /// How far a slow reader may fall behind before it is told to look at everything again.
    private static let buffered = 1024

    private func rest(
        _ stream: AsyncThrowingStream<API.Event, any Error>,
        _ out: AsyncThrowingStream<API.Event, any Error>.Continuation,
        after start: Revision
    ) async throws(Problem) -> AsyncThrowingStream<API.Event, any Error> {
        let store = store
        let reader = Task {
            var position = start
            while !Task.isCancelled {
                do {
                    for try await change in store.watch(StateKey.auditPrefix, after: position) {
                        position = change.revision
                        guard let event = try change.event() else { continue }
                        if case .dropped = out.yield(event) {
                            out.finish(throwing: Problem.tooSlow)
                            return
                        }
                    }
                    return out.finish()
                } catch let error as CompactedError {
                    let present = try? await store.list(StateKey.notice).revision
                    position = max(present ?? error.compactedBefore, error.compactedBefore)
                    out.yield(.resync(position))
                } catch {
                    return out.finish(throwing: error)
                }
            }
        }
        out.onTermination = { _ in reader.cancel() }
        return stream
    }
}

extension AuditRecord {
    fileprivate func event(id: Int) -> API.Event {
        API.Event(id: id, kind: kind, subject: subject, sentence: sentence, by: actor, at: at)
    }
}

extension StoreChange {
    /// nil: a record that was deleted.
    fileprivate func event() throws(Problem) -> API.Event? {
        guard let value else { return nil }
        return try Versioned<AuditRecord>.read(value, from: key).event(id: revision)
    }
}

extension API.Event {
    fileprivate static func resync(_ revision: Revision) -> API.Event {
        API.Event(id: revision, kind: "resync", subject: "everything", sentence: "", by: nil, at: nil)
    }
}

extension Problem {
    fileprivate static var tooSlow: Problem {
        Problem(
            .interrupted, "The client read events too slowly.",
            next: ["Connect again with the ID of the last event received."])
    }
}
