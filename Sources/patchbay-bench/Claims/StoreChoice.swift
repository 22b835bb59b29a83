import ArgumentParser
import Foundation
import PatchbayCore
import PatchbayStore
import PatchbayStoreSQLite

/// Which engine is measured: what `--store` names.
enum StoreChoice {
    case memory
    case sqlite(path: String)

    struct Engine {
        var name: String
        var store: any Store
        /// Another one of the same kind, for the whole server.
        var serverStore: any Store
        var raw: any RawClaims
        /// What was written until now.
        var written: () -> Written
    }

    struct Written {
        var commits = 0
        var transactions = 0

        func mean(since before: Written) -> Double {
            let count = transactions - before.transactions
            return count > 0 ? Double(commits - before.commits) / Double(count) : 1
        }
    }

    init(_ text: String) throws {
        if text == "memory" {
            self = .memory
        } else if text.hasPrefix("sqlite:"), text.count > 7 {
            self = .sqlite(path: String(text.dropFirst(7)))
        } else if text.hasPrefix("etcd:") {
            throw ValidationError(
                "\"\(text)\" cannot be measured: the etcd engine is not built yet. Use memory or sqlite:PATH.")
        } else {
            throw ValidationError("--store is memory or sqlite:PATH, not \"\(text)\".")
        }
    }

    /// Gives `body` an empty store, and removes what it left on disk.
    func withEngine<Value>(_ body: (Engine) async throws -> Value) async throws -> Value {
        switch self {
        case .memory:
            return try await body(
                Engine(
                    name: "memory", store: MemoryStore(), serverStore: MemoryStore(), raw: RawMemory(),
                    written: { Written() }))
        case .sqlite(let path):
            let files = [path, path + "-raw", path + "-server"]
            for file in files where FileManager.default.fileExists(atPath: file) {
                throw ValidationError("\(file) is there already; name a file that is not, it is removed afterwards.")
            }
            let store: SQLiteStore
            let serverStore: SQLiteStore
            do {
                store = try SQLiteStore(path: path)
                serverStore = try SQLiteStore(path: path + "-server")
            } catch {
                throw ValidationError([error.detail, error.cause].compactMap { $0 }.joined(separator: " "))
            }
            let raw = try RawSQLite(path: path + "-raw")
            let outcome: Result<Value, any Error>
            do {
                outcome = .success(
                    try await body(
                        Engine(
                            name: "sqlite", store: store, serverStore: serverStore, raw: raw,
                            written: {
                                let counts = store.written
                                return Written(commits: counts.commits, transactions: counts.transactions)
                            })))
            } catch {
                outcome = .failure(error)
            }
            try await store.close()
            try await serverStore.close()
            for file in files.flatMap({ [$0, $0 + "-wal", $0 + "-shm", $0 + ".lock"] })
            where FileManager.default.fileExists(atPath: file) {
                try FileManager.default.removeItem(atPath: file)
            }
            return try outcome.get()
        }
    }
}
