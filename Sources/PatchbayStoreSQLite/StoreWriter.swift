import GRDB
import PatchbayStore

/// The statements that write commits. To be made for one transaction.
struct StoreWriter {
    private let lookUp: CommitStatement
    private let insert: CommitStatement
    private let upsert: CommitStatement
    private let remove: CommitStatement
    private let append: CommitStatement

    init(_ db: Database) throws {
        lookUp = try CommitStatement(db, sql: "SELECT place FROM entry WHERE key = ?1")
        insert = try CommitStatement(
            db, sql: "INSERT INTO entry (key, created, place) VALUES (?1, ?3 >> 16, ?3) ON CONFLICT (key) DO NOTHING")
        upsert = try CommitStatement(
            db,
            sql: """
                INSERT INTO entry (key, created, place) VALUES (?1, ?3 >> 16, ?3)
                ON CONFLICT (key) DO UPDATE SET place = excluded.place, value = NULL
                """)
        remove = try CommitStatement(db, sql: "DELETE FROM entry WHERE key = ?1")
        append = try CommitStatement(db, sql: "INSERT INTO log (place, key, value) VALUES (?3, ?1, ?2)")
    }

    /// The commit that last changed the key; nil: there is none.
    func modified(_ key: String) throws -> Revision? { try lookUp.run(key).map(StoreSchema.revision) }

    /// - Returns: whether it was not there; otherwise it stays as it is.
    func insert(_ key: String, at place: Int) throws -> Bool {
        try insert.run(key, number: place)
        return insert.didChange
    }

    func put(_ key: String, at place: Int) throws { try upsert.run(key, number: place) }

    /// - Returns: whether there was one.
    func delete(_ key: String) throws -> Bool {
        try remove.run(key)
        return remove.didChange
    }

    func log(_ key: String, _ value: [UInt8]?, at place: Int) throws { try append.run(key, value, number: place) }
}
