import Foundation
import PatchbayCore
import PatchbayLab
import Testing

extension LabSession {
    /// What a command of ours said and how it ended.
    struct Answer: Sendable {
        var status: Int32
        var text: String
    }

    /// Runs our program on this machine, as somebody at the lab's server would.
    @discardableResult
    func patchbay(_ words: String..., expecting status: Int32 = 0) async throws -> Answer {
        let process = Process()
        process.executableURL = URL(filePath: Self.binary)
        process.arguments = words
        let server = try #require(lab.server.url)
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["PATCHBAY_SERVER": server, "PATCHBAY_TOKEN": lab.server.token ?? ""]) { $1 }
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        // Ends with the program: nothing else holds the other side.
        let bytes = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let bytes = output.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                continuation.resume(returning: bytes)
            }
        }
        let answer = Answer(status: process.terminationStatus, text: String(decoding: bytes, as: UTF8.self))
        #expect(answer.status == status, "patchbay \(words.joined(separator: " ")): \(answer.text)")
        return answer
    }
}
