import PatchbayCore

/// How an answer is written, read and described.
package struct EndpointAnswer<Value: Sendable>: Sendable {
    package let content: AnswerContent
    /// Query parameters that come with answers of this form.
    var query: [any AnyQueryParameter] = []
    let write: @Sendable (Value, EndpointRequest) throws -> Reply
    /// Throws for an answer that a client takes apart while it is still coming.
    package let read: @Sendable ([UInt8]) throws -> Value
}

/// What `openapi.json` says of an answer.
package struct AnswerContent: Sendable {
    package enum Form: Sendable {
        case json(any (Codable & Sendable).Type)
        case list(any (Codable & Sendable).Type)
        case text, events, bytes, object
    }

    /// Media types and what is in them; none: 204.
    package var media: [String: Form] = [:]
    /// Headers of the answer, by their name.
    package var headers: [String: String] = [:]
    package var isChange = false
    /// It ends when the caller or the server does.
    package var isStream = false
}

/// An answer before it is HTTP.
package enum Reply: Sendable {
    case nothing
    case bytes([UInt8], type: String, headers: [String: String] = [:])
    case events(AsyncThrowingStream<API.Event, any Error>)
    case console(API.ConsoleSession)

    static func json(_ value: some Encodable, headers: [String: String] = [:]) throws -> Reply {
        .bytes(try WireJSON.encode(value), type: "application/json", headers: headers)
    }
}

extension EndpointAnswer where Value == Void {
    static var nothing: Self { EndpointAnswer(content: AnswerContent(), write: { _, _ in .nothing }, read: { _ in }) }
}

extension EndpointAnswer where Value: Codable {
    static func json(_ type: Value.Type) -> Self {
        EndpointAnswer(
            content: AnswerContent(media: ["application/json": .json(type)]), write: { value, _ in try .json(value) },
            read: { try WireJSON.decode(type, from: $0) })
    }

    /// With an ETag, for `If-Match` later.
    static func json(_ type: Value.Type, revision: @escaping @Sendable (Value) -> Int) -> Self {
        EndpointAnswer(
            content: AnswerContent(
                media: ["application/json": .json(type)],
                headers: ["ETag": "Revision of the answer; send it back in If-Match."]),
            write: { value, _ in try .json(value, headers: ["ETag": "\"\(revision(value))\""]) },
            read: { try WireJSON.decode(type, from: $0) })
    }
}

extension EndpointAnswer where Value == API.Change {
    /// What a mutation did, or would do.
    static var change: Self {
        EndpointAnswer(
            content: AnswerContent(media: ["application/json": .json(API.Change.self)], isChange: true),
            query: [Query.dryRun, Query.allow, Query.reason], write: { value, _ in try .json(value) },
            read: { try WireJSON.decode(API.Change.self, from: $0) })
    }
}

extension EndpointAnswer {
    /// In pages: `?limit=100&after=KEY`.
    static func list<Element: Codable & Sendable>(
        by key: @escaping @Sendable (Element) -> String
    ) -> Self where Value == [Element] {
        EndpointAnswer(
            content: AnswerContent(
                media: ["application/json": .list(Element.self)],
                headers: ["patchbay-next": "Key after which the next page begins; absent on the last page."]),
            query: [Query.limit, Query.after], write: { try page(of: $0, for: $1, by: key) },
            read: { try WireJSON.decode([Element].self, from: $0) })
    }

    private static func page<Element: Codable>(
        of all: [Element], for request: EndpointRequest, by key: (Element) -> String
    ) throws -> Reply {
        var rest = all[...]
        if let after = try request.value(Query.after) {
            guard let index = all.firstIndex(where: { key($0) == after }) else {
                throw Problem(
                    .changedMeanwhile, "\"\(after)\" is no longer in the list.", next: ["Start from the first page."])
            }
            rest = all[(index + 1)...]
        }
        let elements = rest.prefix(try request.value(Query.limit) ?? rest.count)
        let next = elements.count < rest.count ? elements.last.map(key) : nil
        return try .json(Array(elements), headers: next.map { ["patchbay-next": $0] } ?? [:])
    }
}

extension EndpointAnswer where Value == [AgentProtocol.Work] {
    static var work: Self {
        EndpointAnswer(
            content: AnswerContent(media: ["application/json": .object]), write: { value, _ in try .json(value) },
            read: { try WireJSON.decode([AgentProtocol.Work].self, from: $0) })
    }
}

extension EndpointAnswer where Value == JSONValue {
    static var document: Self {
        EndpointAnswer(
            content: AnswerContent(media: ["application/json": .object]), write: { value, _ in try .json(value) },
            read: { try WireJSON.decode(JSONValue.self, from: $0) })
    }
}

extension EndpointAnswer where Value == String {
    /// Whoever wrote it, a browser must not take it for a page of ours.
    static var text: Self {
        EndpointAnswer(
            content: AnswerContent(media: ["text/plain": .text]),
            write: { value, _ in .bytes(Array(value.utf8), type: "text/plain; charset=utf-8") },
            read: { String(decoding: $0, as: UTF8.self) })
    }
}

extension EndpointAnswer where Value == [UInt8] {
    static var bytes: Self {
        EndpointAnswer(
            content: AnswerContent(media: ["application/octet-stream": .bytes]),
            write: { value, _ in .bytes(value, type: "application/octet-stream") }, read: { $0 })
    }
}

extension EndpointAnswer where Value == API.ConsoleSession {
    static var console: Self {
        EndpointAnswer(
            content: AnswerContent(
                media: ["application/octet-stream": .bytes],
                headers: ["patchbay-session": "Console session, for sending input."], isStream: true),
            write: { value, _ in .console(value) }, read: { _ in throw Problem.isStream })
    }
}

extension EndpointAnswer where Value == API.Events {
    static var events: Self {
        EndpointAnswer(
            content: AnswerContent(
                media: ["application/json": .list(API.Event.self), "text/event-stream": .events], isStream: true),
            write: { value, _ in
                switch value {
                case .past(let events): try .json(events)
                case .stream(let events): .events(events)
                }
            }, read: { .past(try WireJSON.decode([API.Event].self, from: $0)) })
    }
}

extension Problem {
    fileprivate static let isStream = Problem(.failed, "The answer is a stream.", next: ["Report this."])
}

extension API {
    /// Events of the past, or those that come.
    package enum Events: Sendable {
        case past([Event])
        case stream(AsyncThrowingStream<Event, any Error>)
    }

    /// An open serial console as HTTP has it: what the guest prints, and a name for what is typed.
    package struct ConsoleSession: Sendable {
        package var id: String
        package var vm: String
        package var output: AsyncThrowingStream<[UInt8], any Error>
    }
}
