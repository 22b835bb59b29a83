import PatchbayCore
import PatchbayStore

/// A store whose process dies at a chosen commit, as with `kill -9`: from then on every answer is `.interrupted`.
///
/// Nobody learns what became of the commits that were under way: some are in the engine, some are not. `remains` gives
/// the engine back once none of them can change it any more; that is what a new process would find.
package actor CrashingStore: Store {
    /// Commits count from 1, in the order they were asked for.
    package enum Point: Hashable, Sendable {
        case never
        /// It does not reach the engine.
        case beforeCommit(Int)
        /// Death comes while the engine has it in hand; it may become durable or not.
        case duringCommit(Int)
        /// It is durable, and its caller is not told.
        case afterCommit(Int)
    }

    private let engine: any Store
    private let point: Point
    private let dying: @Sendable () -> Void
    private var commits = 0
    private var underWay = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var watches: [Int: Task<StoreChange?, any Error>] = [:]
    private var lastWatch = 0
    package private(set) var isDead = false

    /// - Parameter dying: what death does beside silence; a test in a process of its own ends it here.
    package init(_ engine: any Store, dyingAt point: Point, dying: @escaping @Sendable () -> Void = {}) {
        self.engine = engine
        self.point = point
        self.dying = dying
    }

    package func get(_ key: String) async throws(Problem) -> StoredValue? {
        try requireLife()
        let value = try await engine.get(key)
        try requireLife()
        return value
    }

    package func list(_ prefix: String) async throws(Problem) -> (values: [StoredValue], revision: Revision) {
        try requireLife()
        let listed = try await engine.list(prefix)
        try requireLife()
        return listed
    }

    package func commit(_ writes: [Write], if conditions: [Precondition]) async throws(Problem) -> Revision? {
        try requireLife()
        commits += 1
        let number = commits
        try die(at: .beforeCommit(number))
        underWay += 1
        if point == .duringCommit(number) {
            // Its answer, good or bad, has nobody to go to.
            Task {
                defer { didEnd() }
                _ = try await engine.commit(writes, if: conditions)
            }
            try die(at: .duringCommit(number))
        }
        defer { didEnd() }
        let revision = try await engine.commit(writes, if: conditions)
        try die(at: .afterCommit(number))
        try requireLife()
        return revision
    }

    package nonisolated func watch(
        _ prefix: String, after revision: Revision
    ) -> AsyncThrowingStream<StoreChange, any Error> {
        let place = WatchPlace(engine.watch(prefix, after: revision))
        return AsyncThrowingStream { try await self.next(of: place) }
    }

    package func compact(before revision: Revision) async throws(Problem) {
        try requireLife()
        try await engine.compact(before: revision)
        try requireLife()
    }

    /// Dies here and now, unless it is dead already.
    package func die() {
        guard !isDead else { return }
        isDead = true
        for reading in watches.values { reading.cancel() }
        dying()
    }

    /// The engine as the death left it.
    package func remains() async -> any Store {
        if underWay > 0 { await withCheckedContinuation { waiting.append($0) } }
        return engine
    }

    private func die(at here: Point) throws(Problem) {
        guard here == point else { return }
        die()
        try requireLife()
    }

    private func requireLife() throws(Problem) {
        guard !isDead else { throw Problem(.interrupted, "This store's process was killed.") }
    }

    private func didEnd() {
        underWay -= 1
        guard underWay == 0 else { return }
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    private func next(of place: WatchPlace) async throws -> StoreChange? {
        try requireLife()
        lastWatch += 1
        let number = lastWatch
        let reading = Task { try await place.next() }
        watches[number] = reading
        defer { watches[number] = nil }
        let change = try await withTaskCancellationHandler {
            try await reading.value
        } onCancel: {
            reading.cancel()
        }
        try requireLife()
        return change
    }
}

/// Where one watcher is in the engine's own stream.
private actor WatchPlace {
    private var iterator: AsyncThrowingStream<StoreChange, any Error>.Iterator

    init(_ stream: AsyncThrowingStream<StoreChange, any Error>) { iterator = stream.makeAsyncIterator() }

    func next() async throws -> StoreChange? {
        var copy = iterator
        defer { iterator = copy }
        return try await copy.next(isolation: self)
    }
}
