import PatchbayCore

/// A store that lives as long as its process: for tests, the simulated lab, and servers that may forget.
package actor MemoryStore: Store {
    private struct Entry {
        var key: StoreKey
        var value: StoredValue
    }

    /// Sorted by key.
    private var entries: [Entry] = []
    private var revision: Revision = 0
    private let feed = ChangeFeed(revision: 0, compactedBefore: 0, tailLimit: .max)

    package init() {}

    package func get(_ key: String) -> StoredValue? {
        let wanted = StoreKey(key)
        let index = firstIndex(from: wanted)
        return index < entries.count && entries[index].key == wanted ? entries[index].value : nil
    }

    package func list(_ prefix: String) -> (values: [StoredValue], revision: Revision) {
        let wanted = StoreKey(prefix)
        let found = entries[firstIndex(from: wanted)...].prefix { $0.key.bytes.starts(with: wanted.bytes) }
        return (found.map(\.value), revision)
    }

    package func commit(_ writes: [Write], if conditions: [Precondition]) throws(Problem) -> Revision? {
        try StoreLimits.check(writes, if: conditions)
        guard conditions.allSatisfy({ $0.holds(modified: get($0.key)?.modified) }) else { return nil }
        let next = revision + 1
        let changes = writes.compactMap { perform($0, at: next) }
        guard !changes.isEmpty else { return revision }
        revision = next
        feed.publish(changes, revision: next)
        return next
    }

    package nonisolated func watch(
        _ prefix: String, after revision: Revision
    ) -> AsyncThrowingStream<StoreChange, any Error> {
        let feed = feed
        return StoreWatch.stream(of: feed, prefix: prefix, after: revision) { _, _ in
            // The tail is the whole log: what is older than it was before the first commit.
            ChangeFeed.Batch(changes: [], through: 0)
        }
    }

    package func compact(before revision: Revision) {
        feed.compact(before: revision)
    }

    /// - Returns: nil when it changes nothing.
    private func perform(_ write: Write, at revision: Revision) -> StoreChange? {
        let key = StoreKey(write.key)
        let index = firstIndex(from: key)
        let exists = index < entries.count && entries[index].key == key
        switch write {
        case .put(let text, let bytes):
            let created = exists ? entries[index].value.created : revision
            let value = StoredValue(key: text, value: bytes, created: created, modified: revision)
            entries.replaceSubrange(index..<(exists ? index + 1 : index), with: [Entry(key: key, value: value)])
            return StoreChange(revision: revision, key: text, value: bytes)
        case .delete(let text):
            guard exists else { return nil }
            entries.remove(at: index)
            return StoreChange(revision: revision, key: text, value: nil)
        }
    }

    private func firstIndex(from key: StoreKey) -> Int {
        var low = entries.startIndex
        var high = entries.endIndex
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
