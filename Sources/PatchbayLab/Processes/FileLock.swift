import Foundation
import Glibc
import PatchbayCore

/// An advisory lock on a file (flock(2)), held until it is released or the process ends.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// nil: somebody else holds it.
    init?(path: String) throws(Problem) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("Cannot open \(path).", errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK { return nil }
            throw .system("Cannot lock \(path).", errno: errno)
        }
    }

    /// Unlocks before it closes: a child that is between `fork` and `exec` has a copy of the descriptor, which would keep
    /// the lock for that moment (flock(2)).
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
