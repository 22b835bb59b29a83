import Foundation
import Glibc
import PatchbayCore
import SystemPackage

/// The open file under a `FileJournal`. Every call blocks until the disk has answered.
///
/// After a failed call nothing is assumed about the file (a failed `fsync` may have dropped pages): close it and open
/// it again. Appending is `O_APPEND` and `fsync(2)`; rewriting is a new file, `fsync`, `rename(2)`, `fsync` of the
/// directory, so that a crash leaves the old file or the new one.
final class JournalFile {
    private let path: FilePath
    private let lock: FileDescriptor
    private let file: FileDescriptor
    private(set) var length: Int
    let text: JournalText

    /// Creates the file when there is none, cuts off a torn last line, and keeps other agents out while it is open.
    init(path: FilePath) throws(Problem) {
        self.path = path
        lock = try Self.takeLock(path)
        do {
            file = try Self.working("opened", path) {
                try FileDescriptor.open(
                    path, .readWrite, options: [.append, .create, .closeOnExec], permissions: .ownerReadWrite)
            }
        } catch {
            Self.release(lock)
            throw error
        }
        // Not `self.text`: what throws when all of it is there is whole, and `deinit` closes it once more.
        let text: JournalText
        do {
            text = try JournalText(Self.working("read", path) { [file] in try Self.readAll(file) }, path: path.string)
            try Self.working("mended", path) { [file, text] in
                if text.tornLength > 0 { try file.resize(to: Int64(text.wholeLength)) }
                try Self.sync(file)
            }
            try Self.syncDirectory(of: path)
        } catch {
            close(file.rawValue)
            Self.release(lock)
            throw error
        }
        self.text = text
        length = text.wholeLength
    }

    deinit {
        close(file.rawValue)
        Self.release(lock)
    }

    func append(_ bytes: [UInt8]) throws(Problem) {
        do {
            try Self.working("written", path) {
                try file.writeAll(bytes)
                try Self.sync(file)
            }
        } catch {
            let failure = error
            try Self.working("repaired after a failed write", path) { try file.resize(to: Int64(length)) }
            throw failure
        }
        length += bytes.count
    }

    /// Puts a file with `bytes` in the place of the one at `path`. Open it again afterwards.
    static func replace(_ path: FilePath, with bytes: [UInt8]) throws(Problem) {
        let new = FilePath(path.string + ".new")
        try working("rewritten", path) {
            let file = try FileDescriptor.open(
                new, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
            try file.closeAfter {
                try file.writeAll(bytes)
                try sync(file)
            }
            guard rename(new.string, path.string) == 0 else { throw Errno(rawValue: errno) }
        }
        try syncDirectory(of: path)
    }

    /// Held on a file of its own, which is never renamed. The kernel lets go of it when the process dies.
    private static func takeLock(_ path: FilePath) throws(Problem) -> FileDescriptor {
        let name = FilePath(path.string + ".lock")
        let lock = try working("locked", path) {
            try FileDescriptor.open(
                name, .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        }
        guard flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let reason = Errno(rawValue: errno)
            close(lock.rawValue)
            throw Problem(
                .busy, "Another agent on this host uses the journal \(path).",
                next: ["Find it and stop it: fuser -v \(name)"], cause: "\(reason)")
        }
        return lock
    }

    /// Unlocks before it closes: a child that is between `fork` and `exec` has a copy of the descriptor, which would keep
    /// the lock for that moment (flock(2)).
    private static func release(_ lock: FileDescriptor) {
        flock(lock.rawValue, LOCK_UN)
        close(lock.rawValue)
    }

    private static func readAll(_ file: FileDescriptor) throws -> [UInt8] {
        let size = Int(try file.seek(offset: 0, from: .end))
        var offset = 0
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while offset < size {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[offset...])
                let read = try file.read(fromAbsoluteOffset: Int64(offset), into: rest)
                if read == 0 { break }
                offset += read
            }
            count = offset
        }
    }

    private static func sync(_ file: FileDescriptor) throws(Errno) {
        guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    private static func syncDirectory(of path: FilePath) throws(Problem) {
        let parent = path.removingLastComponent()
        try working("made durable", path) {
            let directory = try FileDescriptor.open(
                parent.isEmpty ? "." : parent, .readOnly, options: [.directory, .closeOnExec])
            try directory.closeAfter { try sync(directory) }
        }
    }

    private static func working<T>(_ verb: String, _ path: FilePath, _ body: () throws -> T) throws(Problem) -> T {
        do {
            return try body()
        } catch {
            throw Problem(
                .storeFailed, "The journal \(path) could not be \(verb).",
                next: ["Check that its disk is mounted, writable and not full: df \(path.removingLastComponent())"],
                cause: "\(error)")
        }
    }
}
