import Foundation
import Glibc
import PatchbayCore

/// The file with the server's token: made once, readable by the server's user only.
package enum TokenFile {
    /// - Returns: the token, and whether it was made now and should be shown to whoever starts the server.
    package static func read(orMakeAt path: String) throws(Problem) -> (token: String, isNew: Bool) {
        if let token = try existing(path) { return (token, false) }
        let token = Secret.make()
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
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
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        guard facts.st_mode & 0o077 == 0 else {
            throw Problem(
                .unreadable, "The token file \"\(path)\" can be read by others.",
                evidence: ["mode \(String(facts.st_mode & 0o777, radix: 8))"],
                next: ["Remove it, so that a new token is made: rm \(path)"])
        }
        guard let data = FileManager.default.contents(atPath: path) else { throw unusable(path) }
        let token = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard token.utf8.count >= 32 else {
            throw Problem(
                .unreadable, "The token in \"\(path)\" is too short to be one.",
                next: ["Remove it, so that a new token is made: rm \(path)"])
        }
        return token
    }

    private static func unusable(_ path: String) -> Problem {
        Problem(
            .unreadable, "The token file \"\(path)\" cannot be used.", next: ["Check the folder and its owner."],
            cause: String(cString: strerror(errno)))
    }
}
