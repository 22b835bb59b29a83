import CPatchbayHost
import Foundation
import Glibc
import PatchbayCore

/// A recording unpacked into a private directory, which goes away with the value.
///
/// The directory is locked for as long as this process lives: what a killed process left behind is recognised by its
/// free lock and removed by the next replay.
package final class Replay: Sendable {
    /// The top of the tree, named after the archive, because a tree without a host name is called by its directory.
    package let root: String
    private let directory: String
    private let lock: Int32

    /// Throws `.unreadable` when the archive is none, is damaged, or would reach out of its directory.
    package convenience init(archive file: String) async throws(Problem) {
        guard let handle = FileHandle(forReadingAtPath: file), let head = try? handle.read(upToCount: 512),
            let packing = Packing(magic: head)
        else { throw Packing.unreadable(file) }
        let archive = try await packing.unpack(file, limit: Self.limit)
        try self.init(tree: TarReader.tree(of: archive), name: Self.name(of: file))
    }

    /// Throws `.failed` when there is no place for it.
    package init(tree: RecordedTree, name: String) throws(Problem) {
        let base = FileManager.default.temporaryDirectory.path
        Self.sweep(base)
        (directory, lock) = try Self.makeDirectory(base)
        root = "\(directory)/\(name)"
        do {
            try Self.write(tree, to: root)
        } catch {
            // What throws here is whole already: `deinit` removes it.
            throw Problem(
                .failed, "The recording \"\(name)\" cannot be unpacked.",
                next: ["Free space in \(base), or set TMPDIR to another directory."], cause: "\(error)")
        }
    }

    deinit {
        // What cannot be removed now is removed by the next replay.
        try? FileManager.default.removeItem(atPath: directory)
        close(lock)
    }

    /// More than a host with 10,000 functions has.
    private static let limit = 1 << 30
    private static let prefix = "patchbay-replay-"

    private static func name(of file: String) -> String {
        let name = file.lastComponent
        let stem = name.firstRange(of: ".t").map { String(name[..<$0.lowerBound]) } ?? name
        return stem.isEmpty || stem == "." || stem == ".." ? "recording" : stem
    }

    private static func makeDirectory(_ base: String) throws(Problem) -> (path: String, lock: Int32) {
        var template = Array("\(base)/\(prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Problem(
                .failed, "No directory can be created in \(base).", next: ["Set TMPDIR to a writable directory."],
                cause: ErrorNumber.name(errno))
        }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if lock >= 0 { flock(lock, LOCK_EX | LOCK_NB) }
        return (path, lock)
    }

    /// Removes what processes that are gone have left.
    private static func sweep(_ base: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? [] where name.hasPrefix(prefix) {
            var status = stat()
            let path = "\(base)/\(name)"
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == getuid() else {
                continue
            }
            let lock = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard lock >= 0 else { continue }
            // A directory younger than a minute may be one that its maker has not locked yet.
            let isYoung = status.st_mtim.tv_sec + 60 > time(nil)
            if !isYoung, flock(lock, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(atPath: path) }
            close(lock)
        }
    }

    /// Directories, then files, then links: nothing is written through a link.
    private static func write(_ tree: RecordedTree, to root: String) throws {
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
        let paths = tree.paths
        for path in paths where tree[path] == .directory { try make(mkdir("\(root)/\(path)", 0o700), path) }
        for path in paths {
            guard case .file(let bytes)? = tree[path] else { continue }
            let file = open("\(root)/\(path)", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            try make(file, path)
            defer { close(file) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
                try make(Int32(truncatingIfNeeded: count), path)
                rest = rest.dropFirst(count)
            }
        }
        for path in paths {
            guard case .link(let target)? = tree[path] else { continue }
            try make(symlink(target, "\(root)/\(path)"), path)
        }
    }

    private static func make(_ result: Int32, _ path: String) throws(Problem) {
        guard result < 0 else { return }
        throw Problem(.failed, "\"\(path)\" cannot be created.", cause: ErrorNumber.name(errno))
    }
}
