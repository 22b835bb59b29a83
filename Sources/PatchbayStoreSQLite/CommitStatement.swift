import GRDB
import GRDBSQLite

/// A prepared statement of the commit path: `?1` is a key, `?2` a value, `?3` a number.
///
/// Straight to SQLite's C interface: boxing and copying the arguments takes longer than the engine needs for the row.
/// To be used in the database access that it was made in.
struct CommitStatement {
    private let database: Database
    private let statement: Statement

    init(_ database: Database, sql: String) throws {
        self.database = database
        statement = try database.cachedStatement(sql: sql)
    }

    /// Runs it to its end. Returns the first column of the first row; nil: there is none.
    @discardableResult
    func run(_ key: String, _ value: [UInt8]? = nil, number: Int? = nil) throws -> Int? {
        let handle = statement.sqliteStatement
        defer {
            sqlite3_reset(handle)
            // What is bound points into the arguments, which end here.
            sqlite3_clear_bindings(handle)
        }
        if let number { try check(sqlite3_bind_int64(handle, 3, Int64(number))) }
        var key = key
        return try key.withUTF8 { text in
            try text.withMemoryRebound(to: CChar.self) { text in
                try check(sqlite3_bind_text(handle, 1, text.baseAddress, Int32(text.count), nil))
            }
            guard let value else { return try step(handle) }
            return try value.withUnsafeBytes { bytes in
                // Without an address SQLite takes an empty value for none.
                let code =
                    bytes.isEmpty
                    ? sqlite3_bind_zeroblob(handle, 2, 0)
                    : sqlite3_bind_blob(handle, 2, bytes.baseAddress, Int32(bytes.count), nil)
                try check(code)
                return try step(handle)
            }
        }
    }

    /// Whether the last run changed a row.
    var didChange: Bool { sqlite3_changes(database.sqliteConnection) > 0 }

    private func step(_ handle: SQLiteStatement) throws -> Int? {
        var first: Int?
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_DONE: return first
            case SQLITE_ROW: if first == nil { first = Int(sqlite3_column_int64(handle, 0)) }
            case let code: try check(code)
            }
        }
    }

    private func check(_ code: Int32) throws {
        guard code != SQLITE_OK else { return }
        let message = sqlite3_errmsg(database.sqliteConnection).map { String(cString: $0) }
        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: statement.sql)
    }
}
