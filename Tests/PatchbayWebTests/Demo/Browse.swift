import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import PatchbayCore
import Testing

@testable import PatchbayWeb

/// What came back.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: String
    /// Bytes of the body on the wire.
    let size: Int
    var location: String { headers[.location] ?? "" }
}

/// A browser without JavaScript: gets pages and posts forms.
struct Browse: Sendable {
    let client: any TestClientProtocol
    var headers: HTTPFields = [:]
    /// What forms carry here.
    var formToken = DemoGuard.token

    func get(_ path: String, _ more: HTTPFields = [:]) async throws -> Answer {
        try await client.execute(uri: path, method: .get, headers: merged(more)) { Self.answer($0) }
    }

    func head(_ path: String) async throws -> Answer {
        try await client.execute(uri: path, method: .head, headers: headers) { Self.answer($0) }
    }

    /// `fields` in order; the form's token is added, or the one given.
    func post(_ path: String, _ fields: KeyValuePairs<String, String>, token: String? = nil, sendsToken: Bool = true)
        async throws -> Answer
    {
        var pairs = fields.map { "\(Self.encode($0.key))=\(Self.encode($0.value))" }
        if sendsToken { pairs.append("formToken=\(Self.encode(token ?? formToken))") }
        var headers = merged([:])
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try await client.execute(
            uri: path, method: .post, headers: headers, body: ByteBuffer(string: pairs.joined(separator: "&"))
        ) { Self.answer($0) }
    }

    /// The fields as a browser writes them; the form's token is added.
    func post(_ path: String, encoded fields: String) async throws -> Answer {
        var headers = merged([:])
        headers[.contentType] = "application/x-www-form-urlencoded"
        let body = "\(fields)&formToken=\(Self.encode(formToken))"
        return try await client.execute(uri: path, method: .post, headers: headers, body: ByteBuffer(string: body)) {
            Self.answer($0)
        }
    }

    /// Posts a form, reads the sheet, and posts it again the way *Apply* does.
    func apply(_ path: String, _ fields: KeyValuePairs<String, String>) async throws -> Answer {
        let sheet = try await post(path, fields)
        let confirm = try #require(sheet.body.firstMatch(of: /name="confirm" value="([^"]+)"/)).output.1
        var all = fields.map { ($0.key, $0.value) }
        all.append(("confirm", String(confirm)))
        let body = (all.map { "\(Self.encode($0.0))=\(Self.encode($0.1))" } + ["formToken=\(formToken)"])
            .joined(separator: "&")
        return try await client.execute(uri: path, method: .post, headers: merged([:]), body: ByteBuffer(string: body))
        { Self.answer($0) }
    }

    /// Posts exactly these fields.
    func send(_ path: String, _ fields: FormFields) async throws -> Answer {
        var headers = merged([:])
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try await client.execute(
            uri: path, method: .post, headers: headers, body: ByteBuffer(string: fields.encoded)
        ) { Self.answer($0) }
    }

    private func merged(_ more: HTTPFields) -> HTTPFields {
        var all = headers
        for field in more { all[field.name] = field.value }
        return all
    }

    private static func answer(_ response: TestResponse) -> Answer {
        Answer(
            status: response.status.code, headers: response.headers, body: String(buffer: response.body),
            size: response.body.readableBytes)
    }

    static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            Character(Unicode.Scalar(byte)).isLetter && byte < 128
                || Character(Unicode.Scalar(byte)).isNumber && byte < 128
                ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    static func over(
        _ service: DemoService, asksForToken: Bool = false, _ test: @escaping @Sendable (Browse) async throws -> Void
    ) async throws {
        try await DemoApp.app(service, asksForToken: asksForToken).test(.router) { client in
            try await test(Browse(client: client))
        }
    }
}
