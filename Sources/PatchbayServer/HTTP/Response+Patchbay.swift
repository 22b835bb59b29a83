import HTTPTypes
import Hummingbird
import NIOCore
import PatchbayAPI
import PatchbayCore

extension Response {
    /// `status`: only where the protocol knows better than the code.
    package static func problem(_ problem: Problem, status: Int? = nil) -> Response {
        let wire = API.Problem(problem.bounded, status: status)
        let body = (try? WireJSON.encode(wire)) ?? []
        var response = bytes(
            body, type: "application/problem+json", status: HTTPResponse.Status(code: wire.status))
        if wire.status == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }

    static func bytes(_ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static var nothing: Response { Response(status: .noContent) }
}
