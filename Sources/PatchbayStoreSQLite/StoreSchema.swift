import Foundation
import GRDB
import PatchbayStore

/// The tables, and the only place with their SQL.
///
/// `entry` holds what is, `change` the log that watchers read, `position` the one row with the revisions.
enum StoreSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: entries, changes, position") { db in
            try db.execute(
                sql: """
                    CREATE TABLE entry (
                        key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL,
                        created INTEGER NOT NULL, modified INTEGER NOT NULL
                    ) STRICT;
                    CREATE TABLE change (
                        id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, key TEXT NOT NULL, value BLOB
                    ) STRICT;
                    CREATE INDEX change_revision ON change (revision);
                    CREATE TABLE position (
                        id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL, compacted INTEGER NOT NULL
                    ) STRICT;
                    INSERT INTO position VALUES (1, 0, 0);
                    """)
        }
        return migrator
    }

    /// The last commit, and the first whose changes are still in the log.
    static func position(_ db: Database) throws -> (revision: Revision, compactedBefore: Revision) {
        let row = try db.cachedStatement(sql: "SELECT revision, compacted FROM position")
        guard let found = try Row.fetchOne(row) else { throw DatabaseError(message: "the table position is empty") }
        return (found[0], found[1])
    }

    static func value(_ db: Database, _ key: String) throws -> StoredValue? {
        let statement = try db.cachedStatement(sql: "SELECT key, value, created, modified FROM entry WHERE key = ?")
        return try Row.fetchOne(statement, arguments: [key]).map(storedValue)
    }

    static func values(_ db: Database, under prefix: String) throws -> [StoredValue] {
        let (bounds, arguments) = range(of: prefix)
        let statement = try db.cachedStatement(
            sql: "SELECT key, value, created, modified FROM entry WHERE \(bounds) ORDER BY key")
        return try Row.fetchAll(statement, arguments: arguments).map(storedValue)
    }

    /// The commit that last changed the key; nil: there is none.
    static func modified(_ db: Database, _ key: String) throws -> Revision? {
        let statement = try db.cachedStatement(sql: "SELECT modified FROM entry WHERE key = ?")
        return try Int.fetchOne(statement, arguments: [key])
    }

    static func put(_ db: Database, _ key: String, _ value: [UInt8], at revision: Revision) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO entry (key, value, created, modified) VALUES (?, ?, ?, ?)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value, modified = excluded.modified
                """)
        try statement.execute(arguments: [key, Data(value), revision, revision])
    }

    /// - Returns: whether there was one.
    static func delete(_ db: Database, _ key: String) throws -> Bool {
        try db.cachedStatement(sql: "DELETE FROM entry WHERE key = ?").execute(arguments: [key])
        return db.changesCount > 0
    }

    static func log(_ db: Database, _ change: StoreChange) throws {
        let statement = try db.cachedStatement(sql: "INSERT INTO change (revision, key, value) VALUES (?, ?, ?)")
        try statement.execute(arguments: [change.revision, change.key, change.value.map { Data($0) }])
    }

    static func setRevision(_ db: Database, _ revision: Revision) throws {
        try db.cachedStatement(sql: "UPDATE position SET revision = ?").execute(arguments: [revision])
    }

    /// The changes of the commits after `revision`, up to and with `last`.
    static func changes(
        _ db: Database, under prefix: String, after revision: Revision, through last: Revision
    ) throws -> [StoreChange] {
        let (bounds, arguments) = range(of: prefix)
        let statement = try db.cachedStatement(
            sql: """
                SELECT revision, key, value FROM change
                WHERE revision > ? AND revision <= ? AND \(bounds) ORDER BY revision, id
                """)
        return try Row.fetchAll(statement, arguments: [revision, last] + arguments).map { row in
            StoreChange(revision: row[0], key: row[1], value: (row[2] as Data?).map { Array($0) })
        }
    }

    static func compact(_ db: Database, before revision: Revision) throws {
        try db.execute(sql: "DELETE FROM change WHERE revision < ?", arguments: [revision])
        try db.execute(sql: "UPDATE position SET compacted = ?", arguments: [revision])
    }

    private static func storedValue(_ row: Row) -> StoredValue {
        StoredValue(key: row[0], value: Array(row[1] as Data), created: row[2], modified: row[3])
    }

    /// Keys compare by their UTF-8 bytes, which is the order of their scalars: the range ends at the prefix with its last
    /// scalar raised by one.
    private static func range(of prefix: String) -> (sql: String, arguments: StatementArguments) {
        guard let end = upperBound(of: prefix) else { return ("key >= ?", [prefix]) }
        return ("key >= ? AND key < ?", [prefix, end])
    }

    static func upperBound(of prefix: String) -> String? {
        var scalars = Array(prefix.unicodeScalars)
        while let last = scalars.popLast() {
            let raised = last.value == 0xd7ff ? 0xe000 : last.value + 1
            guard let next = Unicode.Scalar(raised) else { continue }
            scalars.append(next)
            return String(String.UnicodeScalarView(scalars))
        }
        return nil
    }
}
