import HTTPTypes
import PatchbayCore

extension HTTPResponse.Status {
    /// The status of a page that shows a problem.
    init(_ category: ProblemCategory) {
        self =
            switch category {
            case .invalid: .badRequest
            case .notFound: .notFound
            case .refused: .unprocessableContent
            case .conflict: .conflict
            case .notAllowed: .forbidden
            case .unreachable: .serviceUnavailable
            case .timedOut: .gatewayTimeout
            case .failed, .rolledBack, .stuck: .internalServerError
            }
    }
}
