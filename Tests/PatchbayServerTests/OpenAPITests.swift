import PatchbayAPI
import PatchbayTesting
import Testing

@Suite struct `The OpenAPI document` {
    private static let made = OpenAPIDocument()
    private let document = Self.made.document

    private func operation(_ path: String, _ method: String) throws -> JSONValue {
        try #require(document["paths"][path][method].isObject ? document["paths"][path][method] : nil)
    }

    private func schema(_ name: String) -> JSONValue { document["components"]["schemas"][name] }

    @Test func `describes every endpoint`() throws {
        for named in Endpoints.all {
            let operation = try operation(named.endpoint.path.description, named.endpoint.method.rawValue)
            #expect(operation["operationId"] == .text(named.name))
            #expect(operation["requestBody"].isObject == (named.endpoint.requestContent != nil))
        }
    }

    @Test func `leaves no wire type half described`() { #expect(Self.made.gaps == []) }

    @Test func `refers only to what it has, and has nothing that nobody refers to`() {
        var wanted: Set<String> = []
        func look(at value: JSONValue) {
            switch value {
            case .object(let members):
                if case .text(let reference)? = members["$ref"] { wanted.insert(reference) }
                for member in members.values { look(at: member) }
            case .list(let elements): for element in elements { look(at: element) }
            case .null, .bool, .integer, .number, .text: break
            }
        }
        look(at: document)
        for part in ["schemas", "responses"] {
            let there = document["components"][part].members.keys.map { "#/components/\(part)/\($0)" }
            #expect(Set(there) == wanted.filter { $0.hasPrefix("#/components/\(part)/") })
        }
    }

    @Test func `closes requests and leaves answers open`() {
        #expect(schema("ClaimDraft")["additionalProperties"] == .bool(false))
        #expect(schema("RuleDraft")["additionalProperties"] == .bool(false))
        #expect(schema("Rule")["additionalProperties"] == .null)
        #expect(schema("Claim")["additionalProperties"] == .null)
    }

    @Test func `types maps, and takes null for what a request may leave out`() {
        let text = JSONValue.object(["type": .text("string")])
        #expect(schema("Claim")["properties"]["labels"]["additionalProperties"] == text)
        #expect(schema("Host")["properties"]["deviceCounts"]["additionalProperties"]["type"] == .text("integer"))
        #expect(schema("PolicyDraft")["properties"]["prune"]["type"] == .list([.text("boolean"), .text("null")]))
        #expect(schema("Claim")["properties"]["host"]["type"] == .text("string"))
        #expect(schema("Claim")["required"].words.contains("host") == false)
        #expect(schema("WhatIf")["properties"]["guest"]["anyOf"].elements.count == 2)
    }

    @Test func `lists the words where only some will do`() {
        let rule = schema("Condition")["properties"]
        #expect(rule["field"]["enum"].words.contains("numa"))
        #expect(rule["comparison"]["enum"].words.contains("*="))
        #expect(schema("Condition")["required"].words == ["comparison", "field", "value"])
        #expect(schema("Pool")["properties"]["preparation"]["enum"].words == ["eager", "on-demand"])
        #expect(schema("Plan")["properties"]["phase"]["enum"].words.contains("rolled-back"))
        #expect(schema("Claim")["properties"]["phase"]["enum"].words.contains("releasing"))
    }

    @Test func `gives query parameters their types`() throws {
        func type(_ name: String, _ path: String, _ method: String) throws -> JSONValue {
            let parameters = try operation(path, method)["parameters"].elements
            return try #require(parameters.first { $0["name"] == .text(name) })["schema"]
        }
        #expect(try type("dryRun", "/v1/pools", "post")["type"] == .text("boolean"))
        #expect(try type("limit", "/v1/hosts", "get")["maximum"] == .integer(10_000))
        #expect(try type("phase", "/v1/claims", "get")["enum"].words.count == 4)
        #expect(try type("kind", "/v1/devices", "get")["enum"].words == ["pci", "usb"])
        #expect(try type("If-Match", "/v1/pools/{pool}", "patch")["type"] == .text("string"))
        #expect(try type("Idempotency-Key", "/v1/claims", "post")["type"] == .text("string"))
        #expect(try type("Last-Event-ID", "/v1/events", "get")["type"] == .text("string"))
    }

    @Test func `says of each parameter, answer and header what it is`() {
        for (path, operations) in document["paths"].members {
            for (method, operation) in operations.members {
                #expect(operation["summary"].text?.isEmpty == false, "\(method) \(path)")
                let described = operation["parameters"].elements + operation["responses"].members.values
                for part in described where part["$ref"] == .null {
                    #expect(part["description"].text?.isEmpty == false, "\(method) \(path): \(part)")
                }
            }
        }
    }

    @Test func `names each operation's own statuses, and no default`() throws {
        let start = try operation("/v1/vms/{vm}/start", "post")["responses"].members
        #expect(start.keys.sorted() == ["200", "400", "401", "403", "404", "409", "412", "422", "500", "503"])
        let close = try operation("/v1/vms/{vm}/console/{session}", "delete")["responses"].members
        #expect(close.keys.sorted() == ["204", "400", "401", "403", "404", "500"])
        #expect(try operation("/v1/pools/{pool}", "get")["responses"]["200"]["headers"]["ETag"].isObject)
        #expect(try operation("/v1/pools", "get")["responses"]["200"]["headers"]["patchbay-next"].isObject)
    }

    @Test func `says which bodies may be left out, and what streams`() throws {
        #expect(try operation("/v1/vms/{vm}/stop", "post")["requestBody"]["required"] == .bool(false))
        #expect(try operation("/v1/vms/{vm}/attach", "post")["requestBody"]["required"] == .bool(true))
        let events = try operation("/v1/events", "get")["responses"]["200"]["content"]
        #expect(events.members.keys.sorted() == ["application/json", "text/event-stream"])
    }
}

extension JSONValue {
    /// A member of an object; null: there is none.
    fileprivate subscript(_ name: String) -> JSONValue { members[name] ?? .null }
    fileprivate var members: [String: JSONValue] { if case .object(let members) = self { members } else { [:] } }
    fileprivate var elements: [JSONValue] { if case .list(let elements) = self { elements } else { [] } }
    fileprivate var text: String? { if case .text(let text) = self { text } else { nil } }
    fileprivate var words: [String] { elements.compactMap(\.text) }
    fileprivate var isObject: Bool { if case .object = self { true } else { false } }
}
