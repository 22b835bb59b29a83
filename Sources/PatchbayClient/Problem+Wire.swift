import Foundation
import PatchbayAPI
import PatchbayCore

extension PatchbayCore.Problem {
    /// A problem as the server told it. A code of a newer server becomes the nearest one that its status allows.
    package init(_ wire: API.Problem) {
        let known = ProblemCode(rawValue: wire.code)
        self.init(
            known ?? Self.code(forStatus: wire.status), wire.detail, evidence: wire.evidence, next: wire.next,
            cause: wire.cause ?? (known == nil ? "unknown code \(wire.code)" : nil))
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
