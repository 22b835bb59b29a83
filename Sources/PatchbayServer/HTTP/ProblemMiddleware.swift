import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import PatchbayAPI
import PatchbayCore

/// Whatever goes wrong inside leaves as `application/problem+json` (RFC 9457), never as a trace.
struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: PatchbayContext,
        next: (Request, PatchbayContext) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch {
            return Self.response(to: error, request, context)
        }
    }

    private static func response(to error: any Error, _ request: Request, _ context: PatchbayContext) -> Response {
        switch error {
        case let problem as Problem:
            return .problem(problem)
        case let refused as RefusedRequest:
            return .problem(refused.problem, status: refused.status)
        case let error as NIOTooManyBytesError:
            return .problem(.bodyTooLarge(error.maxBytes ?? BodyLimit.request))
        case is HTTPParserError, is ChannelError, is IOError:
            return .problem(.malformedRequest(cause: "\(error)"))
        case let error as HTTPError where error.status == .notFound:
            return unknown(request)
        case let error as HTTPError where error.status == .contentTooLarge:
            return .problem(.bodyTooLarge(BodyLimit.request))
        case let error as HTTPError:
            return .problem(.malformedRequest(cause: error.body), status: Int(error.status.code))
        default:
            context.logger.error("request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            return .problem(
                Problem(
                    .failed, "The server failed to answer.",
                    next: ["Try again; the server's log has the cause:  journalctl -u patchbay"]))
        }
    }

    private static func unknown(_ request: Request) -> Response {
        let methods = Endpoints.methods(of: request.uri.path)
        guard !methods.isEmpty else {
            return .problem(
                Problem(
                    .unknownRoute, "There is nothing at \"\(request.uri.path.cut(toBytes: 256))\".",
                    next: ["See all paths: /v1/openapi.json"]))
        }
        let names = methods.map { $0.rawValue.uppercased() } + (methods.contains(.get) ? ["HEAD"] : [])
        let allowed = names.sorted().joined(separator: ", ")
        var response = Response.problem(
            Problem(
                .unknownRoute, "\"\(request.uri.path.cut(toBytes: 256))\" does not take \(request.method.rawValue).",
                next: ["Use \(allowed)."]), status: 405)
        response.headers[.allow] = allowed
        return response
    }
}

extension Problem {
    static func bodyTooLarge(_ limit: Int) -> Problem {
        Problem(.tooLarge, "The body is larger than \(limit) bytes.", next: ["Send less in one request."])
    }

    /// Not HTTP, or it ended before it was whole.
    static func malformedRequest(cause: String?) -> Problem {
        Problem(
            .malformedInput, "The request is not well formed.", next: ["See /v1/openapi.json."], cause: cause)
    }
}
