import PatchbayCore

/// A problem of the protocol, with the status that it has there.
struct RefusedRequest: Error {
    var problem: Problem
    var status: Int
}

extension RefusedRequest {
    /// Another page made the browser send it.
    static func fromElsewhere(_ evidence: String) -> RefusedRequest {
        RefusedRequest(
            problem: Problem(
                .formExpired, "The request comes from a page of another site.", evidence: [evidence],
                next: [
                    "Open the dashboard and repeat it there.",
                    NextStep("Behind a proxy: forward the Host header, and start with", .serve(.name)),
                ]), status: 403)
    }

    /// Work that a browser takes away never reaches its agent.
    static var notForBrowsers: RefusedRequest {
        RefusedRequest(
            problem: Problem(
                .formExpired, "Paths under /v1/agent are for agents, not for browsers.",
                next: ["Use the server's token: Authorization: Bearer TOKEN"]), status: 403)
    }

    static func mediaType(_ type: String?) -> RefusedRequest {
        RefusedRequest(
            problem: Problem(
                .malformedInput, "The body is of type \(type.map { "\"\($0.prefix(80))\"" } ?? "nothing").",
                next: ["Send the header Content-Type: application/json."]), status: 415)
    }
}
