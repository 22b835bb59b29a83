import PatchbayCore
import PatchbayText

extension API.Problem {
    /// `status`: only where the protocol knows better than the code, as for a method that a path does not have.
    package init(_ problem: PatchbayCore.Problem, status: Int? = nil) {
        self.init(
            type: "urn:patchbay:problem:\(problem.code.rawValue)", title: problem.code.title,
            status: status ?? problem.code.httpStatus, code: problem.code.rawValue, detail: problem.detail,
            evidence: problem.evidence, next: problem.next.lines, cause: problem.cause)
    }
}

extension ProblemCode {
    /// The code in words: `Device taken`, `Unknown VM`.
    package var title: String {
        let words = rawValue.split(separator: "-").map { Self.acronyms.contains($0) ? $0.uppercased() : String($0) }
        let text = words.joined(separator: " ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    private static let acronyms: Set<Substring> = ["iommu", "vf", "vfio", "vm"]

    /// The only place that turns a "no" into a number (RFC 9110, section 15).
    package var httpStatus: Int {
        switch self {
        case .tooLarge: 413
        case .changedMeanwhile: 412
        case .tokenMissing, .tokenWrong: 401
        default: category.httpStatus
        }
    }
}

extension ProblemCategory {
    fileprivate var httpStatus: Int {
        switch self {
        case .invalid: 400
        case .notAllowed: 403
        case .notFound: 404
        case .conflict: 409
        case .refused: 422
        case .failed, .rolledBack, .stuck: 500
        case .unreachable: 503
        case .timedOut: 504
        }
    }
}
