import HTTPTypes
import Hummingbird

/// The outermost layer: what an answer says about itself to a browser, whatever it is.
///
/// Pages bring a policy of their own. Everything else is a page of nothing: no script, no frame, no type but its own.
struct HeaderMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: PatchbayContext,
        next: (Request, PatchbayContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.xContentTypeOptions] = "nosniff"
        guard response.headers[.contentSecurityPolicy] == nil else { return response }
        response.headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'; sandbox"
        return response
    }
}
