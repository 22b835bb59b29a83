import PatchbayCore

/// One watcher's place in the changes of a store.
package actor StoreWatch {
    /// Reads the changes under a prefix after a revision from the engine's log; throws `CompactedError` when they are gone.
    package typealias ReadLog = @Sendable (_ prefix: String, _ after: Revision) async throws -> ChangeFeed.Batch

    private let feed: ChangeFeed
    private let prefix: String
    private let readLog: ReadLog
    private var after: Revision
    private var pending: ArraySlice<StoreChange> = []

    private init(_ feed: ChangeFeed, prefix: String, after: Revision, readLog: @escaping ReadLog) {
        self.feed = feed
        self.prefix = prefix
        self.after = after
        self.readLog = readLog
    }

    /// Every change under `prefix` after `revision`, pulled as the consumer asks for them. Ends when its task is cancelled.
    package static func stream(
        of feed: ChangeFeed, prefix: String, after revision: Revision, readLog: @escaping ReadLog
    ) -> AsyncThrowingStream<StoreChange, any Error> {
        let watch = StoreWatch(feed, prefix: prefix, after: revision, readLog: readLog)
        return AsyncThrowingStream { try await watch.next() }
    }

    private func next() async throws -> StoreChange? {
        do {
            while pending.isEmpty {
                let batch: ChangeFeed.Batch
                if let recent = try await feed.next(after: after, under: prefix) {
                    batch = recent
                } else {
                    batch = try await readLog(prefix, after)
                }
                pending = batch.changes[...]
                after = batch.through
            }
        } catch is CancellationError {
            return nil
        }
        return pending.popFirst()
    }
}
