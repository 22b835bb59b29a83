import ArgumentParser
import Foundation
import PatchbayCore

/// How the lab commands speak: progress and problems on standard error, answers on standard output.
enum LabOutput {
    /// `  12.3 s  lab1: starting libvirt`
    static func progress(_ line: String, after time: Duration) {
        errors("\(seconds(time))  \(line)\n")
    }

    static func seconds(_ time: Duration) -> String {
        let tenths = Int(time / .milliseconds(100))
        let text = "\(tenths / 10).\(tenths % 10) s"
        return String(repeating: " ", count: max(0, 8 - text.count)) + text
    }

    static func errors(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    /// Runs a command's work; a problem is printed with its evidence and next steps, and ends it with status 1.
    static func reporting(_ work: () async throws(Problem) -> Void) async throws {
        do {
            try await work()
        } catch {
            errors("patchbay: \(error.detail)\n")
            for line in error.evidence { errors("  \(line)\n") }
            if let cause = error.cause { errors("  because: \(cause)\n") }
            for line in error.next { errors("  next: \(line)\n") }
            throw ExitCode(1)
        }
    }
}
