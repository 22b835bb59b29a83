import Foundation
import Glibc
import PatchbayCore
import PatchbayHost

/// Where a daemon keeps its state when the command line does not say.
enum DaemonPlaces {
    /// `/var/lib/patchbay` for root, `$XDG_STATE_HOME/patchbay` (`~/.local/state/patchbay`) for others.
    static var state: String {
        if geteuid() == 0 { return "/var/lib/patchbay" }
        let environment = ProcessInfo.processInfo.environment
        let base = environment["XDG_STATE_HOME"] ?? "\(environment["HOME"] ?? "/tmp")/.local/state"
        return "\(base)/patchbay"
    }

    /// The machine's own name up to the first dot.
    static var hostName: String {
        let full = ProcessInfo.processInfo.hostName
        return String(full.split(separator: ".").first ?? "localhost")
    }

    /// Makes the state folder, or looks whether it is ours alone: whoever may write there could put a token, a journal
    /// or a store of his own in.
    static func makeState(_ folder: String) throws(Problem) {
        try make(folder)
        var facts = stat()
        guard stat(folder, &facts) == 0 else {
            throw Problem(
                .unreadable, "The state folder \(folder) cannot be checked.",
                next: ["Choose another folder with --state DIR."], cause: String(cString: strerror(errno)))
        }
        guard facts.st_uid == 0 || facts.st_uid == geteuid() else {
            throw Problem(
                .unreadable, "The state folder \(folder) belongs to another user.",
                evidence: ["it belongs to user \(facts.st_uid), this program runs as user \(geteuid())"],
                next: ["Change its owner:  chown \(geteuid()) \(folder)"])
        }
        guard facts.st_mode & 0o022 == 0 else {
            throw Problem(
                .unreadable, "The state folder \(folder) is writable for other users.",
                evidence: ["mode \(String(facts.st_mode & 0o777, radix: 8))"],
                next: ["Check that all files in it are yours, then:  chmod go-w \(folder)"])
        }
    }

    /// Makes a folder that only its owner may enter, with its parents; an existing one stays as it is.
    static func make(_ folder: String) throws(Problem) {
        guard !FileManager.default.fileExists(atPath: folder) else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Problem(
                .failed, "Cannot create the folder \(folder).",
                next: ["Run as root, or choose another folder with --state DIR."], cause: fileErrorWords(error))
        }
    }
}
