import Foundation
import PatchbayCore

/// How an archive is packed, by its name when it is written and by its first bytes when it is read.
///
/// The programs `xz` and `gzip`, which every distribution has, do the work.
package enum Packing: String, Sendable, CaseIterable {
    case none = "tar"
    case gzip = "tar.gz"
    case xz = "tar.xz"

    /// nil: the name ends otherwise.
    package init?(fileName: String) {
        switch fileName {
        case let name where name.hasSuffix(".tar"): self = .none
        case let name where name.hasSuffix(".tar.gz") || name.hasSuffix(".tgz"): self = .gzip
        case let name where name.hasSuffix(".tar.xz") || name.hasSuffix(".txz"): self = .xz
        default: return nil
        }
    }

    /// nil: neither of the two packings.
    init?(magic bytes: some Collection<UInt8>) {
        if bytes.starts(with: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) {
            self = .xz
        } else if bytes.starts(with: [0x1f, 0x8b]) {
            self = .gzip
        } else if bytes.dropFirst(257).starts(with: "ustar".utf8) {
            self = .none
        } else {
            return nil
        }
    }

    /// The arguments are the same for both programs; nil: nothing to run.
    private var program: String? {
        switch self {
        case .none: nil
        case .gzip: "gzip"
        case .xz: "xz"
        }
    }

    /// - Parameter limit: more bytes than this are not unpacked: a small file can hold any number of zeros.
    func unpack(_ file: String, limit: Int) throws(Problem) -> [UInt8] {
        guard let program else {
            guard let bytes = FileManager.default.contents(atPath: file) else { throw Self.unreadable(file) }
            return Array(bytes)
        }
        guard let input = FileHandle(forReadingAtPath: file) else { throw Self.unreadable(file) }
        return try Self.run(program, ["-d", "-c"], input: input, limit: limit)
    }

    /// The archive packed; the same input gives the same output.
    func pack(_ archive: [UInt8]) throws(Problem) -> [UInt8] {
        guard let program else { return archive }
        let scratch = FileManager.default.temporaryDirectory.appending(path: "patchbay-pack-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let input: FileHandle
        do {
            guard
                FileManager.default.createFile(
                    atPath: scratch.path, contents: Data(archive), attributes: [.posixPermissions: 0o600])
            else { throw CocoaError(.fileWriteUnknown) }
            input = try FileHandle(forReadingFrom: scratch)
        } catch {
            throw Problem(
                .failed, "The recording cannot be packed: no space for temporary files.",
                next: [
                    "Free space in \(scratch.deletingLastPathComponent().path), or set TMPDIR to another directory."
                ],
                cause: fileErrorWords(error))
        }
        return try Self.run(program, self == .gzip ? ["-9", "-n", "-c"] : ["-6", "-c"], input: input, limit: .max)
    }

    private static func run(
        _ name: String, _ arguments: [String], input: FileHandle, limit: Int
    ) throws(Problem) -> [UInt8] {
        guard
            let program = SysfsPath.programs.map({ "\($0)/\(name)" })
                .first(where: { FileManager.default.isExecutableFile(atPath: $0) })
        else {
            throw Problem(
                .failed, "The program \"\(name)\" is not installed on this machine.",
                next: ["Install \(name == "xz" ? "xz-utils or xz" : name), or use a file that ends in .tar."])
        }
        defer { withExtendedLifetime(input) {} }
        let packer = try Packer(program, [name] + arguments, input: input.fileDescriptor)
        var bytes: [UInt8] = []
        while let chunk = packer.read() {
            bytes += chunk
            if bytes.count > limit {
                packer.stop()
                throw TarReader.broken("unpacked it is larger than \(limit >> 20) MiB")
            }
        }
        guard packer.end() == 0 else { throw TarReader.broken("\(name) reports that it is damaged") }
        return bytes
    }

    static func unreadable(_ file: String) -> Problem {
        Problem(
            .unreadable, "Cannot read the file \"\(file)\".",
            next: ["Use a directory that holds sys and proc, or a recording that ends in .tar, .tar.gz or .tar.xz."])
    }
}
