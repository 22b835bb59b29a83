import Foundation
import PatchbayHost

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
    private static let limit: Duration = .seconds(120)

    func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Answer {
        do throws(Program.Failure) {
            let ending = try await Program(path).run(
                arguments, environment: Self.environment(environment), most: 64 << 20, within: Self.limit)
            return Answer(status: ending.status, output: ending.text, errors: ending.errors)
        } catch .late {
            return Answer(status: 124, output: "", errors: "")
        }
    }

    static func environment(_ more: [String: String]) -> [String: String] {
        ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PATCHBAY_") }
            .merging(["NO_COLOR": "1", "COLUMNS": "2000", "LC_ALL": "C.UTF-8"]) { $1 }
            .merging(more) { $1 }
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
