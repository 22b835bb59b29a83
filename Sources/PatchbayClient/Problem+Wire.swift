import Foundation
import PatchbayAPI
import PatchbayCore

extension PatchbayCore.Problem {
    /// A problem as the server told it. A code of a newer server becomes the nearest one that its status allows.
    package init(_ wire: API.Problem) {
        let known = ProblemCode(rawValue: wire.code)
        let code = known ?? Self.code(forStatus: wire.status)
        self.init(
            code, wire.detail, evidence: wire.evidence, next: Self.next(for: code) ?? wire.next.map { NextStep($0) },
            cause: wire.cause ?? (known == nil ? "unknown code \(wire.code)" : nil))
    }

    /// What somebody at a command line does, where the server speaks to those who write requests; nil: the same.
    private static func next(for code: ProblemCode) -> [NextStep]? {
        guard code == .tokenMissing || code == .tokenWrong else { return nil }
        return [
            "Set PATCHBAY_TOKEN to the server's token; it is in the file \"token\" of the server's state folder.",
            "Or use the socket on the server itself:  patchbay status --server unix:/run/patchbay/patchbay.sock",
        ]
    }

    /// What an answer with a status that is no success means.
    ///
    /// - Parameter subject: the request, `GET /v1/status`.
    package init(status: Int, body: [UInt8], subject: String) {
        if let wire = try? JSONDecoder().decode(API.Problem.self, from: Data(body)) {
            self.init(wire)
        } else {
            let text = String(decoding: body.prefix(200), as: UTF8.self)
            self.init(
                Self.code(forStatus: status), "The server answered \(subject) with status \(status).",
                next: ["Check that PATCHBAY_SERVER names a Patchbay server:  patchbay status --debug"],
                cause: text.isEmpty ? nil : text)
        }
    }

    private static func code(forStatus status: Int) -> ProblemCode {
        switch status {
        case 400: .malformedInput
        case 401: .tokenMissing
        case 403: .tokenWrong
        case 404, 405: .unknownRoute
        case 409, 412: .changedMeanwhile
        case 413: .tooLarge
        case 422: .notAssignable
        case 502, 503: .agentUnreachable
        case 504: .timedOut
        default: .failed
        }
    }
}
