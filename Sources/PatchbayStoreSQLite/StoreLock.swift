import Glibc
import PatchbayCore

/// The right to be the only process that has a store open, held until it is dropped.
///
/// An exclusive `flock(2)` on a file beside the database: the kernel gives it back however the process ends. SQLite's own
/// exclusive mode would keep out our readers, too.
final class StoreLock: Sendable {
    private let descriptor: Int32

    /// Throws `.busy` when somebody else has it, `.storeFailed` when the file cannot be made.
    init(beside path: String) throws(Problem) {
        let file = path + ".lock"
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw Problem(
                .storeFailed, "The store \(path) cannot be opened.",
                next: ["Create its folder, writable for this user."], cause: "\(file): \(errorText(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // What throws here is whole already: `deinit` closes it.
            let owner = Self.readOwner(descriptor)
            throw Problem(
                .busy, "The store \(path) is in use by another Patchbay.",
                evidence: owner.map { ["\(file) is held by process \($0)"] } ?? [],
                next: [NextStep("Stop that server, or use another store", .serve(.stateFolder))])
        }
        writeOwner()
    }

    deinit {
        // A child that this process has just started holds the same open file until it runs its program; closing alone
        // would leave the lock with it.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Only told to people; the lock itself is the kernel's.
    private func writeOwner() {
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = pwrite(descriptor, text, text.count, 0)
    }

    private static func readOwner(_ descriptor: Int32) -> Int? {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: buffer[..<count].prefix { $0 != 10 }, as: UTF8.self))
    }
}

/// The C library's words for an errno.
func errorText(_ number: Int32) -> String {
    String(cString: strerror(number))
}
