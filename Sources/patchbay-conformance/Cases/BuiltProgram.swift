import Foundation

/// The built `patchbay`, run as a user runs it: with a terminal of any width, without colours and without anything of ours in its
/// environment.
struct BuiltProgram: Sendable {
    struct Answer: Sendable {
        /// 124: it did not end in time.
        var status: Int32
        var output: String
        var errors: String

        /// What people see, blanks run together.
        var text: String {
            (output + errors).replacing(/[ \t]+/, with: " ")
        }
    }

    let path: String

    /// Where the build puts it: beside this program.
    static func besideThis() throws -> String {
        let this = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        return this.deletingLastPathComponent().appending(path: "patchbay").path
    }

    /// A command that takes longer is ended.
    private static let seconds = 120

    func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Answer {
        let folder = try CaseFolder()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["timeout", "--kill-after", "5", "\(Self.seconds)", path] + arguments
        process.environment = Self.environment(environment)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try folder.file("output")
        process.standardError = try folder.file("errors")
        let status = try await process.ended()
        return Answer(status: status, output: try folder.text("output"), errors: try folder.text("errors"))
    }

    static func environment(_ more: [String: String]) -> [String: String] {
        ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PATCHBAY_") }
            .merging(["NO_COLOR": "1", "COLUMNS": "2000", "LC_ALL": "C.UTF-8"]) { $1 }
            .merging(more) { $1 }
    }
}

extension Process {
    /// Starts it and returns its exit status when it is over.
    func ended() async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try run() } catch { continuation.resume(throwing: error) }
        }
    }
}

/// A directory that is gone with the value.
final class CaseFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "patchbay-cases-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch {
            FileHandle.standardError.write(Data("\(path) is left behind: \(error)\n".utf8))
        }
    }

    /// A new file that can be written.
    func file(_ name: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: "\(path)/\(name)", contents: nil),
            let file = FileHandle(forWritingAtPath: "\(path)/\(name)")
        else { throw CocoaError(.fileWriteUnknown) }
        return file
    }

    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(path)/\(name)")), as: UTF8.self)
    }
}
