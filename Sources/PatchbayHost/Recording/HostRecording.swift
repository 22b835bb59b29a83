import CPatchbayHost
import Foundation
import Glibc
import PatchbayCore

/// A host taken down to be read again elsewhere: everything that the readers read, and nothing else.
package struct HostRecording: Sendable {
    package var tree: RecordedTree
    /// nil: nothing was made up.
    package var anonymiser: Anonymiser?

    /// Reads `root` and, where asked, puts made-up values in the place of all that names the machine.
    ///
    /// Throws `.unreadable` when `root` is no directory, or holds no `sys`.
    package init(root: String, isAnonymous: Bool) throws(Problem) {
        let source = try HostTree(root: root)
        guard source.exists(SysfsPath.sys) else {
            throw Problem(
                .unreadable, "The directory \"\(root)\" has no sysfs.",
                next: ["Use / for this machine, or the top directory of a recorded tree, which holds sys and proc."]
            )
        }
        let collected = TreeCollector.collect(source)
        guard isAnonymous else {
            tree = collected
            return
        }
        (tree, anonymiser) = {
            let (tree, anonymiser) = Anonymiser.anonymise(collected)
            return (tree, anonymiser)
        }()
    }

    /// Writes the recording, packed as the file's name says. The file is there as a whole or not at all.
    ///
    /// Throws `.usage` for a name that ends otherwise, `.failed` when it cannot be written.
    /// - Returns: the size of the file in bytes.
    package func write(to file: String) async throws(Problem) -> Int {
        guard let packing = Packing(fileName: file) else {
            throw Problem(
                .usage, "\"\(file)\" is not a valid name for a recording.",
                next: [
                    NextStep("Use a file name that ends in .tar.xz, .tar.gz or .tar", .recordHost(file: "atlas.tar.xz"))
                ])
        }
        let bytes = try await packing.pack(TarWriter.archive(tree))
        do {
            try Data(bytes).write(to: URL(filePath: file), options: .atomic)
        } catch {
            throw Problem(
                .failed, "The file \"\(file)\" cannot be written.",
                next: ["Use a directory that exists and is writable."], cause: fileErrorWords(error))
        }
        return bytes.count
    }
}

/// What a command can be told to read: a directory, or a recording in a file.
package enum HostSource {
    /// Calls `body` with a directory that holds `sys`; an archive is unpacked for as long as that takes.
    package static func read<Value>(
        _ root: String, _ body: (String) async throws(Problem) -> Value
    ) async throws(Problem) -> Value {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root, isDirectory: &isDirectory), !isDirectory.boolValue else {
            return try await body(root)
        }
        var facts = stat()
        // A pipe would be waited for.
        guard stat(root, &facts) != 0 || facts.st_mode & S_IFMT == S_IFREG else {
            throw Problem(
                .unreadable, "\"\(root)\" is neither a directory nor a file.",
                next: ["Use the directory that holds sys and proc, or a recording: FILE.tar.xz"])
        }
        let replay = try await Replay(archive: root)
        defer { withExtendedLifetime(replay) {} }
        return try await body(replay.root)
    }
}
