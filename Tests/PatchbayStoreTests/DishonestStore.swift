import PatchbayCore
import PatchbayStore

/// Mostly right: that is what makes it dangerous.
actor DishonestStore: Store {
    enum Fault: CaseIterable {
        /// A commit that it said was durable is not there.
        case forgets
        /// A commit is made though its conditions do not hold.
        case overlooksConditions
        /// A commit is refused though its conditions hold.
        case refusesWithoutReason
        /// Only the first of the writes is made.
        case tears
    }

    private let store = MemoryStore()
    private let fault: Fault
    private var commits = 0

    init(_ fault: Fault) { self.fault = fault }

    func get(_ key: String) async throws(Problem) -> StoredValue? { await store.get(key) }
    func list(_ prefix: String) async throws(Problem) -> (values: [StoredValue], revision: Revision) {
        await store.list(prefix)
    }
    func compact(before revision: Revision) async throws(Problem) { await store.compact(before: revision) }
    nonisolated func watch(_ prefix: String, after revision: Revision) -> AsyncThrowingStream<StoreChange, any Error> {
        store.watch(prefix, after: revision)
    }

    func commit(_ writes: [Write], if conditions: [Precondition]) async throws(Problem) -> Revision? {
        commits += 1
        guard commits % 20 == 0 else { return try await store.commit(writes, if: conditions) }
        switch fault {
        case .forgets: return await store.list("").revision + 1
        case .overlooksConditions: return try await store.commit(writes, if: [])
        case .refusesWithoutReason: return nil
        case .tears: return try await store.commit(Array(writes.prefix(1)), if: conditions)
        }
    }
}
