import Foundation
import Glibc
import PatchbayCore
import Subprocess
import SystemPackage

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

    /// Large recordings are packed in seconds; a machine under load may take its time.
    private static let deadline: Duration = .seconds(600)

    /// - Parameter limit: more bytes than this are not unpacked: a small file can hold any number of zeros.
    func unpack(_ file: String, limit: Int) async throws(Problem) -> [UInt8] {
        guard let program else {
            guard let bytes = FileManager.default.contents(atPath: file) else { throw Self.unreadable(file) }
            return Array(bytes)
        }
        let input = open(file, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw Self.unreadable(file) }
        return try await Self.run(
            program, ["-d", "-c"],
            input: .fileDescriptor(FileDescriptor(rawValue: input), closeAfterSpawningProcess: true), limit: limit)
    }

    /// The archive packed; the same input gives the same output.
    func pack(_ archive: [UInt8]) async throws(Problem) -> [UInt8] {
        guard let program else { return archive }
        return try await Self.run(
            program, self == .gzip ? ["-9", "-n", "-c"] : ["-6", "-c"], input: .array(archive),
            limit: archive.count + 1 << 20)
    }

    private static func run(
        _ name: String, _ arguments: [String], input: some InputProtocol, limit: Int
    ) async throws(Problem) -> [UInt8] {
        guard let program = Program(system: name) else {
            throw Problem(
                .failed, "The program \"\(name)\" is not installed on this machine.",
                next: ["Install \(name == "xz" ? "xz-utils or xz" : name), or use a file that ends in .tar."])
        }
        do throws(Program.Failure) {
            let ending = try await program.run(arguments, input: input, most: limit, within: deadline)
            if ending.status == 0 { return ending.output }
        } catch {
            switch error {
            case .saysTooMuch: throw TarReader.broken("unpacked it is larger than \(limit >> 20) MiB")
            case .late: throw Problem(.timedOut, "\"\(name)\" did not end within \(deadline).")
            case .notStarted(let why):
                throw Problem(.failed, "The program \"\(name)\" cannot be started.", cause: why)
            case .cancelled: throw Problem(.interrupted, "Nobody waits for \"\(name)\" any more.")
            }
        }
        throw TarReader.broken("\(name) reports that it is damaged")
    }

    static func unreadable(_ file: String) -> Problem {
        Problem(
            .unreadable, "Cannot read the file \"\(file)\".",
            next: ["Use a directory that holds sys and proc, or a recording that ends in .tar, .tar.gz or .tar.xz."])
    }
}
