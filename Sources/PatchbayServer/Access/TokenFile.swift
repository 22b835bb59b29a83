import Foundation
import Glibc
import PatchbayCore

/// The file with the server's token: made once, readable by the server's user only.
package enum TokenFile {
    /// - Returns: the token, and whether it was made now and should be shown to whoever starts the server.
    package static func read(orMakeAt path: String) throws(Problem) -> (token: String, isNew: Bool) {
        if let token = try existing(path) { return (token, false) }
        let token = Secret.make()
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            // Somebody else made it between our two looks.
            if errno == EEXIST, let token = try existing(path) { return (token, false) }
            throw unusable(path)
        }
        defer { close(file) }
        let bytes = Array("\(token)\n".utf8)
        guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else { throw unusable(path) }
        return (token, true)
    }

    private static func existing(_ path: String) throws(Problem) -> String? {
        // A link could lead to a file that somebody else writes.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw unusable(path)
        }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { throw unusable(path) }
        guard facts.st_uid == 0 || facts.st_uid == geteuid() else {
            throw Problem(
                .unreadable, "The token file \"\(path)\" belongs to somebody else.",
                evidence: ["it belongs to user \(facts.st_uid), this is user \(geteuid())"],
                next: ["Remove it, so that a new token is made: rm \(path)"])
        }
        guard facts.st_mode & 0o077 == 0 else {
            throw Problem(
                .unreadable, "The token file \"\(path)\" can be read by others.",
                evidence: ["mode \(String(facts.st_mode & 0o777, radix: 8))"],
                next: ["Remove it, so that a new token is made: rm \(path)"])
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count >= 0 else { throw unusable(path) }
        let token = String(decoding: bytes[..<count], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard token.utf8.count >= 32 else {
            throw Problem(
                .unreadable, "The token in \"\(path)\" is too short to be one.",
                next: ["Remove it, so that a new token is made: rm \(path)"])
        }
        return token
    }

    private static func unusable(_ path: String) -> Problem {
        Problem(
            .unreadable, "The token file \"\(path)\" cannot be used.",
            next: ["Look at it: ls -l \(path)", "If it is not yours, remove it, so that a new one is made."],
            cause: errno == ELOOP ? "it is a symbolic link" : String(cString: strerror(errno)))
    }
}
