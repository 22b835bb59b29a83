import PatchbayAPI
import PatchbayCore
import PatchbayTesting
import PatchbayText
import Testing

@Suite struct `Strict reading` {
    private func read(_ text: String) throws(Problem) -> API.PoolDraft {
        try StrictJSON.decode(API.PoolDraft.self, from: Array(text.utf8))
    }

    @Test func `takes every field there is`() throws {
        let draft = API.PoolDraft(
            name: "gpus", description: "d", deviceClass: .gpu, preparation: .eager,
            rules: [
                API.Rule(
                    name: "r", host: "atlas", isEnabled: false,
                    conditions: [API.Condition(field: "name", comparison: "=", value: "x")], madeFrom: "atlas/41:00.0")
            ])
        #expect(try StrictJSON.decode(API.PoolDraft.self, from: try WireJSON.encode(draft)) == draft)
    }

    @Test func `takes null for a field that may be left out`() throws {
        #expect(try read("{\"name\":null}") == API.PoolDraft())
    }

    @Test(arguments: [
        ("{\"deviceClass\":\"gpuu\"}", "\"deviceClass\" must be one of \"gpu\", \"storage\""),
        ("{\"rules\":{}}", "\"rules\" must be a list, not an object."),
        ("{\"rules\":[7]}", "\"rules[0]\" must be an object, not a number."),
        ("{\"rules\":[{\"name\":\"r\"}]}", "\"rules[0].isEnabled\" is missing."),
        (
            "{\"rules\":[{\"name\":\"r\",\"isEnabled\":1,\"conditions\":[]}]}",
            "\"rules[0].isEnabled\" must be true or false"
        ),
        ("{\"name\":\"a\",\"na\\u006de\" : \"b\"}", "The body has \"name\" twice in one object."),
        ("{\"rules\":[{\"name\":\"x\",\"name\":\"x\"}]}", "The body has \"name\" twice in one object."),
    ])
    func `names what is wrong by its path`(_ text: String, _ sentence: String) throws {
        let problem = #expect(throws: Problem.self) { try read(text) }
        #expect(problem?.detail.hasPrefix(sentence) == true, "\(problem?.detail ?? "")")
        #expect(problem?.code == .malformedInput)
    }

    @Test func `offers the fields that there are, in their order`() {
        let text = #"{"rules":[{"name":"r","isEnabled":true,"conditions":[],"color":1}]}"#
        let problem = #expect(throws: Problem.self) { try read(text) }
        #expect(problem?.code == .unknownField)
        #expect(problem?.detail == #""rules[0].color" is not a field of this request."#)
        let known = #""name", "host", "isEnabled", "conditions", "madeFrom", "tags", "knownBy""#
        #expect(problem?.next.lines == ["Omit it; the fields are \(known)."])
    }

    @Test(arguments: [
        (#"{"labels":{"rack":1}}"#, #""labels.rack" must be text, not a number."#),
        (#"{"labels":["rack"]}"#, #""labels" must be an object, not a list."#),
        (#"{"isPinned":"yes"}"#, #""isPinned" must be true or false, not text."#),
        ("[]", "The body must be an object, not a list."),
    ]) func `reads maps and flags`(_ text: String, _ sentence: String) {
        let problem = #expect(throws: Problem.self) {
            try StrictJSON.decode(API.HostSettingsDraft.self, from: Array(text.utf8))
        }
        #expect(problem?.detail == sentence)
    }

    @Test func `takes numbers as they are meant`() throws {
        func seconds(_ text: String) throws -> Int? {
            try StrictJSON.decode(API.RenewRequest.self, from: Array("{\"leaseSeconds\":\(text)}".utf8)).leaseSeconds
        }
        #expect(try seconds("60") == 60)
        #expect(try seconds("null") == nil)
        for text in ["1.5", "\"60\"", "true", "1e30"] { #expect(throws: Problem.self) { try seconds(text) } }
    }
}
