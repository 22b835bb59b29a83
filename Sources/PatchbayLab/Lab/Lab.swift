import Foundation
import PatchbayCore

/// Some emulated hosts and the Patchbay server that looks after them, kept in one state directory.
///
/// What is there is read from the directory every time, so a lab outlives the command that started it. Commands that
/// change it hold its lock; two labs with two directories do not meet.
package struct Lab: Sendable {
    package let directory: String

    package init(directory: String = Lab.defaultDirectory) { self.directory = directory }

    /// `$XDG_STATE_HOME/patchbay/lab`, or the same below `~/.local/state`.
    package static var defaultDirectory: String {
        let environment = ProcessInfo.processInfo.environment
        let base = environment["XDG_STATE_HOME"] ?? "\(environment["HOME"] ?? "/tmp")/.local/state"
        return "\(base)/patchbay/lab"
    }

    /// A command line of `patchbay lab` for this very lab, for people to copy: with `--state` where it is not the default one.
    package func command(_ verb: String, _ words: String...) -> String {
        let place = directory == Lab.defaultDirectory ? [] : ["--state", Self.quoted(directory)]
        return (["patchbay lab", verb] + place + words).joined(separator: " ")
    }

    /// The path as a shell takes it.
    private static func quoted(_ path: String) -> String {
        let plain = path.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+=:@%".contains($0)) }
        return plain
            ? path : "'\(path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
    }

    package var server: LabServer { LabServer(directory: "\(directory)/server") }

    /// Every host that was ever started here and not taken down, by number.
    package func hosts() throws(Problem) -> [LabHost] {
        let folder = "\(directory)/hosts"
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        var hosts: [LabHost] = []
        for name in try FileManager.default.names(in: folder) {
            let files = HostFiles(directory: "\(folder)/\(name)")
            guard let number = Int(name.drop { !$0.isNumber }),
                FileManager.default.fileExists(atPath: files.description)
            else { continue }
            do {
                let json = Data(try FileManager.default.read(files.description))
                let description = try JSONDecoder().decode(HostDescription.self, from: json)
                hosts.append(LabHost(name: name, number: number, description: description, files: files))
            } catch {
                throw (error as? Problem)
                    ?? Problem(.unreadable, "\(files.description) is not a host description.", cause: "\(error)")
            }
        }
        return hosts.sorted { $0.number < $1.number }
    }

    /// A running host; nil name: the only one, or the first.
    package func host(_ name: String?) throws(Problem) -> LabHost {
        let running = try hosts().filter { $0.process != nil }
        guard let host = name.map({ name in running.first { $0.name == name } }) ?? running.first else {
            throw Problem(
                .unknownHost, name.map { "The lab has no running host \"\($0)\"." } ?? "The lab is not up.",
                evidence: running.isEmpty ? [] : ["Running: \(running.map(\.name).joined(separator: ", "))"],
                next: [NextStep(command("up")), NextStep(command("status"))])
        }
        return host
    }

    /// Ends every host and the server, and keeps their logs. Nothing when it is down.
    package func down() async throws(Problem) {
        guard FileManager.default.fileExists(atPath: directory) else { return }
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        for host in try hosts() { try await host.stop() }
        try await server.stop()
    }

    func lock() throws(Problem) -> FileLock {
        try FileManager.default.make(directory)
        guard let lock = try FileLock(path: "\(directory)/lock") else {
            throw Problem(
                .busy, "Another command starts or stops the lab in \(directory).",
                next: ["Wait for it, or use another lab: --state DIR."])
        }
        return lock
    }
}
