import Foundation
import Glibc
import PatchbayCore

/// A small file that one user may read and write: a secret. It is there whole, also after a power cut, or not at all.
package struct PrivateFile: Sendable {
    let path: String
    /// `token file`, `key of the agent`: how messages call it.
    let name: String
    /// What somebody who finds it unusable gets by removing it: `so that a new token is made`.
    let remedy: String
    /// What is to be done after that.
    let after: [NextStep]

    package init(path: String, name: String, remedy: String, after: [NextStep] = []) {
        self.path = path
        self.name = name
        self.remedy = remedy
        self.after = after
    }

    package var folder: String { (path as NSString).deletingLastPathComponent }

    /// nil: it is not there, or empty. Refuses one that somebody else may write or read.
    package func read() throws(Problem) -> String? {
        // A link could lead to a file that somebody else writes.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw unusable()
        }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0 else { throw unusable() }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw refused("is not a file", because: "it is a folder, a pipe or a device")
        }
        guard facts.st_uid == 0 || facts.st_uid == geteuid() else {
            throw refused(
                "belongs to another user",
                because: "it belongs to user \(facts.st_uid), the server runs as user \(geteuid())")
        }
        guard facts.st_mode & 0o077 == 0 else {
            throw refused("can be read by other users", because: "mode \(String(facts.st_mode & 0o777, radix: 8))")
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count >= 0 else { throw unusable() }
        let text = String(decoding: bytes[..<count], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
    }

    /// Writes a new file beside it, and puts that in its place once it is on the disk, and the folder that names it.
    package func write(_ text: String) throws(Problem) {
        let draft = "\(path).new"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw unwritable() }
        let bytes = Array(text.utf8)
        let isWritten = Glibc.write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        let reason = errno
        close(file)
        guard isWritten else { throw unwritable(reason) }
        guard rename(draft, path) == 0 else { throw unwritable() }
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { throw unwritable() }
        defer { close(parent) }
        guard fsync(parent) == 0 else { throw unwritable() }
    }

    /// What is in it is no such thing.
    package func refused(_ fault: String, because evidence: String? = nil) -> Problem {
        Problem(
            .unreadable, "The \(name) \"\(path)\" \(fault).", evidence: evidence.map { [$0] } ?? [],
            next: ["Remove it, \(remedy):  rm \(path)"] + after)
    }

    private func unusable() -> Problem {
        Problem(
            .unreadable, "The \(name) \"\(path)\" cannot be used.",
            next: ["Check it:  ls -l \(path)", "If it is not yours, remove it, \(remedy)."] + after,
            cause: errno == ELOOP ? "it is a symbolic link" : String(cString: strerror(errno)))
    }

    private func unwritable(_ error: Int32 = errno) -> Problem {
        Problem(
            .failed, "The \(name) \"\(path)\" cannot be written.",
            next: ["Check that its folder exists and is writable:  ls -ld \(folder)"],
            cause: String(cString: strerror(error)))
    }
}
