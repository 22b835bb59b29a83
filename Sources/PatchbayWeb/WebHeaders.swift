import HTTPTypes
import Hummingbird
import NIOCore
import PatchbayCore

/// What every answer says to the browser: nothing from elsewhere, no frames, no guessing of types.
enum WebHeaders {
    static let security: HTTPFields = {
        var headers = HTTPFields()
        headers[.contentSecurityPolicy] =
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        headers[.xContentTypeOptions] = "nosniff"
        headers[.referrerPolicy] = "same-origin"
        return headers
    }()
}
