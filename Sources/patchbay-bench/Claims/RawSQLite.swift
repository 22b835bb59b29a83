import GRDBSQLite
import PatchbayStore

/// SQLite through its own C interface: one connection, one thread, prepared statements, the same settings as the store.
final class RawSQLite: RawClaims {
    private let connection: OpaquePointer
    private let put: OpaquePointer
    private let delete: OpaquePointer
    private let begin: OpaquePointer
    private let commit: OpaquePointer
    private var number = 0

    init(path: String) throws {
        var opened: OpaquePointer?
        guard sqlite3_open(path, &opened) == SQLITE_OK, let connection = opened else { throw RawFailure(opened) }
        self.connection = connection
        let prepare = """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 4000;
            CREATE TABLE entry (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT;
            """
        guard sqlite3_exec(connection, prepare, nil, nil, nil) == SQLITE_OK else { throw RawFailure(connection) }
        put = try Self.prepare(
            connection,
            "INSERT INTO entry (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        delete = try Self.prepare(connection, "DELETE FROM entry WHERE key = ?1")
        begin = try Self.prepare(connection, "BEGIN IMMEDIATE")
        commit = try Self.prepare(connection, "COMMIT")
    }

    deinit {
        for statement in [put, delete, begin, commit] { sqlite3_finalize(statement) }
        sqlite3_close(connection)
    }

    private static func prepare(_ connection: OpaquePointer, _ sql: String) throws -> OpaquePointer {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
            throw RawFailure(connection)
        }
        return statement
    }

    func run(
        _ shape: ClaimShape, clients: Int, batch: Int, for duration: Duration
    ) throws -> RawOutcome {
        var outcome = RawOutcome()
        var waiting: ArraySlice<ClaimShape.Commit> = []
        var done = 0
        while outcome.seconds < duration.microseconds / 1e6 {
            while waiting.count < batch {
                number += 1
                waiting += Self.round(shape, clients: clients, number: number)
            }
            let writes = waiting.prefix(batch).flatMap(\.writes)
            try outcome.measure { try write(writes) }
            waiting = waiting.dropFirst(batch)
            done += batch
        }
        outcome.claims = done / 2
        return outcome
    }

    private func write(_ writes: [Write]) throws {
        try step(begin)
        for write in writes {
            switch write {
            case .put(var key, let value):
                try key.withUTF8 { text in
                    try value.withUnsafeBytes { bytes in
                        sqlite3_bind_blob(put, 2, bytes.baseAddress, Int32(bytes.count), nil)
                        try step(put, key: text)
                    }
                }
            case .delete(var key): try key.withUTF8 { try step(delete, key: $0) }
            }
        }
        try step(commit)
    }

    private func step(_ statement: OpaquePointer, key: UnsafeBufferPointer<UInt8>) throws {
        try key.withMemoryRebound(to: CChar.self) { text in
            sqlite3_bind_text(statement, 1, text.baseAddress, Int32(text.count), nil)
            try step(statement)
        }
    }

    private func step(_ statement: OpaquePointer) throws {
        guard sqlite3_step(statement) == SQLITE_DONE else { throw RawFailure(connection) }
        sqlite3_reset(statement)
    }
}

private struct RawFailure: Error, CustomStringConvertible {
    let description: String

    init(_ connection: OpaquePointer?) {
        description = connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? "SQLite did not open."
    }
}
