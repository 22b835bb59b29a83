import Foundation
import GRDB
import PatchbayStore

/// The tables, and the only place with their SQL.
///
/// `log` holds every change in order, `entry` what is: for each key the place of its last change in the log, and the value
/// itself once the log has forgotten it. So a value is written once, to the end of a table. `position` is the one row with the
/// revisions.
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
        migrator.registerMigration("2: values are written once, into the log") { db in
            try db.execute(
                sql: """
                    CREATE TABLE log (place INTEGER PRIMARY KEY, key TEXT NOT NULL, value BLOB) STRICT;
                    INSERT INTO log
                        SELECT revision * 65536 + row_number() OVER (PARTITION BY revision ORDER BY id) - 1, key, value
                        FROM change;
                    DROP TABLE change;
                    ALTER TABLE entry RENAME TO old_entry;
                    CREATE TABLE entry (
                        key TEXT NOT NULL PRIMARY KEY, created INTEGER NOT NULL, place INTEGER NOT NULL, value BLOB
                    ) STRICT, WITHOUT ROWID;
                    INSERT INTO entry SELECT key, created, modified * 65536, value FROM old_entry;
                    DROP TABLE old_entry;
                    """)
        }
        return migrator
    }

    /// Where the log has a change: its revision, then which of the commit's changes it is.
    static func place(_ revision: Revision, _ number: Int) -> Int { revision * StoreLimits.writes + number }
    static func revision(at place: Int) -> Revision { place / StoreLimits.writes }

    /// The last commit, and the first whose changes are still in the log.
    static func position(_ db: Database) throws -> (revision: Revision, compactedBefore: Revision) {
        let row = try db.cachedStatement(sql: "SELECT revision, compacted FROM position")
        guard let found = try Row.fetchOne(row) else { throw DatabaseError(message: "the table position is empty") }
        return (found[0], found[1])
    }

    private static let selectValues = """
        SELECT entry.key, coalesce(entry.value, log.value), entry.created, entry.place
        FROM entry LEFT JOIN log ON log.place = entry.place
        """

    static func value(_ db: Database, _ key: String) throws -> StoredValue? {
        let statement = try db.cachedStatement(sql: "\(selectValues) WHERE entry.key = ?")
        return try Row.fetchOne(statement, arguments: [key]).map(storedValue)
    }

    static func values(_ db: Database, under prefix: String) throws -> [StoredValue] {
        let (bounds, arguments) = range(of: prefix, in: "entry.key")
        let statement = try db.cachedStatement(sql: "\(selectValues) WHERE \(bounds) ORDER BY entry.key")
        return try Row.fetchAll(statement, arguments: arguments).map(storedValue)
    }

    static func setRevision(_ db: Database, _ revision: Revision) throws {
        try db.cachedStatement(sql: "UPDATE position SET revision = ?").execute(arguments: [revision])
    }

    /// The changes of the commits after `revision`, up to and with `last`.
    static func changes(
        _ db: Database, under prefix: String, after revision: Revision, through last: Revision
    ) throws -> [StoreChange] {
        let (bounds, arguments) = range(of: prefix, in: "key")
        let statement = try db.cachedStatement(
            sql: """
                SELECT place, key, value FROM log WHERE place >= ? AND place < ? AND \(bounds) ORDER BY place
                """)
        let places: StatementArguments = [place(revision + 1, 0), place(last + 1, 0)]
        return try Row.fetchAll(statement, arguments: places + arguments).map { row in
            StoreChange(revision: self.revision(at: row[0]), key: row[1], value: (row[2] as Data?).map { Array($0) })
        }
    }

    /// Values that are still in use move from the log to their entries.
    static func compact(_ db: Database, before revision: Revision) throws {
        try db.execute(
            sql: """
                UPDATE entry SET value = log.value FROM log
                WHERE log.place < ? AND entry.key = log.key AND entry.place = log.place AND entry.value IS NULL
                """, arguments: [place(revision, 0)])
        try db.execute(sql: "DELETE FROM log WHERE place < ?", arguments: [place(revision, 0)])
        try db.execute(sql: "UPDATE position SET compacted = ?", arguments: [revision])
    }

    private static func storedValue(_ row: Row) -> StoredValue {
        StoredValue(
            key: row[0], value: Array(row[1] as Data), created: row[2], modified: StoreSchema.revision(at: row[3]))
    }

    /// Keys compare by their UTF-8 bytes, which is the order of their scalars: the range ends at the prefix with its last
    /// scalar raised by one.
    private static func range(of prefix: String, in key: String) -> (sql: String, arguments: StatementArguments) {
        guard let end = upperBound(of: prefix) else { return ("\(key) >= ?", [prefix]) }
        return ("\(key) >= ? AND \(key) < ?", [prefix, end])
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
