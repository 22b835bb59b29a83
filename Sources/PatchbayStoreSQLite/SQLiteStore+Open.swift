import GRDB
import Glibc
import PatchbayCore

extension SQLiteStore {
    /// Makes the file where there is none and brings its tables up to date.
    static func open(_ path: String) throws -> DatabasePool {
        // SQLite gives the files beside it (-wal, -shm) the same permissions.
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw Problem(
                .storeFailed, "The store \(path) cannot be opened.",
                next: ["Check it:  ls -l \(path)", NextStep("Or use another store", .serve(.stateFolder))],
                cause: errno == ELOOP ? "it is a symbolic link" : errorText(errno))
        }
        defer { Glibc.close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_uid == 0 || facts.st_uid == geteuid() else {
            throw Problem(
                .storeFailed, "The store \(path) belongs to another user.",
                evidence: ["it belongs to user \(facts.st_uid), the server runs as user \(geteuid())"],
                next: [NextStep("Use another store", .serve(.stateFolder))])
        }
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        let pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB sets NORMAL while it opens the writer, which may lose the last commits in a power cut. 16 MiB of write-ahead
        // log, not 4: pages that many commits change go into the file once, for two more fsyncs each time.
        try pool.writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000")
        }
        let migrator = StoreSchema.migrator
        guard try !pool.read(migrator.hasBeenSuperseded) else {
            throw Problem(
                .storeFailed, "The store \(path) was written by a newer Patchbay.",
                next: [NextStep("Install that version again, or use another store", .serve(.stateFolder))])
        }
        try migrator.migrate(pool)
        return pool
    }
}
