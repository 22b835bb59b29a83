import Foundation
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

    /// Makes a folder that only its owner may enter, with its parents; an existing one stays as it is.
    static func make(_ folder: String) throws(Problem) {
        guard !FileManager.default.fileExists(atPath: folder) else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Problem(
                .failed, "Cannot make the folder \(folder).",
                next: ["Run as root, or choose another one with --state DIR."], cause: fileErrorWords(error))
        }
    }
}
