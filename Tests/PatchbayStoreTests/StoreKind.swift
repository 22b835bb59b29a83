import Foundation
import PatchbayStore
import PatchbayStoreSQLite
import PatchbayTesting

/// The engines that the contract is run for.
enum StoreKind: String, CaseIterable, Sendable {
    case memory, sqlite
    /// In memory, behind a door that may die.
    case crashing
}

/// Runs `body` with an empty store, and removes what it left on disk.
func withStore(_ kind: StoreKind, _ body: (any Store) async throws -> Void) async throws {
    switch kind {
    case .memory: try await body(MemoryStore())
    case .crashing: try await body(CrashingStore(MemoryStore(), dyingAt: .never))
    case .sqlite: try await withTemporaryFolder { try await body(SQLiteStore(path: $0 + "/store.sqlite")) }
    }
}

func withTemporaryFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "patchbay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}
