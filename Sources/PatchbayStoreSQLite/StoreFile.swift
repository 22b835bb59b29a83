import Glibc
import PatchbayCore

/// Which file the store is: what the path named when it was opened. A file that was deleted or replaced still takes every
/// write, and all of it is lost when the process ends.
struct StoreFile: Sendable {
    private let path: String
    private let device: dev_t
    private let inode: ino_t

    /// - Parameter path: of a file that is there.
    init(_ path: String) throws(Problem) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw Problem(.storeFailed, "The store \(path) cannot be opened.", cause: errorText(errno))
        }
        self.path = path
        (device, inode) = (status.st_dev, status.st_ino)
    }

    /// Throws `.storeFailed` when the path names another file now, or none; also when its write-ahead log, which holds the
    /// last commits, is gone.
    func check() throws(Problem) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else {
            throw lost("The file \(path) was deleted or replaced while the server had it open.")
        }
    }

    func checkLog() throws(Problem) {
        guard access("\(path)-wal", F_OK) == 0 else {
            throw lost("The file \(path)-wal was deleted while it was in use.")
        }
    }

    private func lost(_ what: String) -> Problem {
        Problem(
            .storeFailed, "Nothing can be stored any more: \(what)",
            next: [
                NextStep("Save pools and profiles", .exportPolicy(file: "policy.yaml")),
                "Put the file back from a backup, and restart:  systemctl restart patchbay",
            ])
    }
}
