import Foundation
import Glibc
import PatchbayCore
import PatchbayHost

/// The directory that keeps what the lab fetches and builds, for the next time and for other labs.
///
/// Two folders a recipe, each named after the content hash of what it was made from: `packages-HASH` (Debian's kernels and
/// QEMU, unpacked and never installed) and `build-HASH` (our programs and initial root file systems). A folder appears
/// under its name only when it is complete, so what is there can be used.
package struct LabCache: Sendable {
    /// Says what is being done, a line at a time.
    package typealias Progress = @Sendable (String) -> Void

    package let directory: String
    package let progress: Progress

    package init(directory: String = LabCache.defaultDirectory, progress: @escaping Progress) {
        self.directory = directory
        self.progress = progress
    }

    /// `$XDG_CACHE_HOME/patchbay/lab`, or the same below `~/.cache`.
    package static var defaultDirectory: String {
        let environment = ProcessInfo.processInfo.environment
        let base = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "/tmp")/.cache"
        return "\(base)/patchbay/lab"
    }

    /// Fetches and builds what is missing; waits while another run does that for the same cache.
    ///
    /// - Throws: `.failed` naming a missing program with the apt line, or what went wrong.
    package func prepare() async throws(Problem) -> LabProducts {
        try LabTools.check()
        try FileManager.default.make(directory)
        let lock = try await lock()
        defer { withExtendedLifetime(lock) {} }
        let sources = try AptSources.ofThisMachine()
        let packages = LabPackages(sources: sources, progress: progress)
        let packagesAt = try await entry(packages.key, "packages") { (at: String) async throws(Problem) in
            try await packages.fetch(into: at)
        }
        let build = try LabBuild(packages: packagesAt, progress: progress)
        let buildAt = try await entry(build.key, "build") { (at: String) async throws(Problem) in
            try await build.make(into: at)
        }
        return build.products(at: buildAt)
    }

    private func lock() async throws(Problem) -> FileLock {
        let path = "\(directory)/lock"
        if let lock = try FileLock(path: path) { return lock }
        progress("waiting for another patchbay that prepares \(directory)")
        while true {
            do { try await Task.sleep(for: .milliseconds(200)) } catch {
                throw Problem(.interrupted, "Nobody waits for \(directory) any more.")
            }
            if let lock = try FileLock(path: path) { return lock }
        }
    }

    /// The folder for `key`; made by `fill` in a folder beside it when it is not there.
    private func entry(
        _ key: String, _ kind: String, fill: (String) async throws(Problem) -> Void
    ) async throws(Problem) -> String {
        let path = "\(directory)/\(kind)-\(key)"
        if FileManager.default.fileExists(atPath: path) { return path }
        let unfinished = "\(directory)/unfinished-\(kind)"
        try FileManager.default.remove(unfinished)
        try FileManager.default.make(unfinished)
        try await fill(unfinished)
        guard rename(unfinished, path) == 0 else { throw .system("Cannot make \(path).", errno: errno) }
        return path
    }
}

extension FileManager {
    func make(_ directory: String) throws(Problem) {
        do {
            try createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw Problem(.failed, "Cannot make the directory \(directory).", cause: fileErrorWords(error))
        }
    }

    /// Nothing when it is not there.
    func remove(_ path: String) throws(Problem) {
        guard fileExists(atPath: path) else { return }
        do {
            try removeItem(atPath: path)
        } catch {
            throw Problem(.failed, "Cannot remove \(path).", cause: fileErrorWords(error))
        }
    }

    func names(in directory: String) throws(Problem) -> [String] {
        do {
            return try contentsOfDirectory(atPath: directory).sorted()
        } catch {
            throw Problem(.failed, "Cannot list \(directory).", cause: fileErrorWords(error))
        }
    }

    func read(_ path: String) throws(Problem) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw Problem(.failed, "Cannot read \(path).", cause: fileErrorWords(error))
        }
    }

    func write(_ bytes: [UInt8], to path: String, mode: Int = 0o644) throws(Problem) {
        do {
            try Data(bytes).write(to: URL(filePath: path))
            try setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        } catch {
            throw Problem(.failed, "Cannot write \(path).", cause: fileErrorWords(error))
        }
    }
}
