import Foundation
import PatchbayCore
import PatchbayHost
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
        let server = try #require(lab.server.url)
        let environment = ProcessInfo.processInfo.environment.merging(
            ["PATCHBAY_SERVER": server, "PATCHBAY_TOKEN": lab.server.token ?? ""]) { $1 }
        let ending = try await Program(Self.binary).run(
            words, environment: environment, most: 64 << 20, within: .seconds(1800))
        let answer = Answer(status: ending.status, text: ending.text + ending.errors)
        #expect(answer.status == status, "patchbay \(words.joined(separator: " ")): \(answer.text)")
        return answer
    }
}
