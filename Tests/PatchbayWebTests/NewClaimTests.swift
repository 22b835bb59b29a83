import Foundation
import HTTPTypes
import PatchbayAPI
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayWeb

@Suite struct `A claim that is being written` {
    private static let line = [
        "pool": "a100", "count": "1", "numa": "required", "topology": "same-switch", "group": "isolate",
        "need": "optional", "tags": "trusted=true\nphysical_network=lan a", "device": "", "name": "cards",
    ]

    @Test func `every field arrives where it is meant`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let done = try await browse.apply(
                "/claims",
                [
                    "made": "c-77", "kind": "reservation", "owner": "night", "tenant": "speech", "pool": "a100",
                    "count": "1", "numa": "required", "topology": "same-switch", "group": "isolate",
                    "need": "optional", "tags": "trusted=true\nphysical_network=lan a", "device": "", "name": "cards",
                    "pool": "", "count": "1", "numa": "", "topology": "", "group": "none", "need": "", "tags": "",
                    "device": "atlas/d1:00.0", "name": "", "lease": "4", "leaseUnit": "hours", "waits": "yes",
                    "hosts": "atlas, borealis", "labels": "zone=a\nrack=3", "strategy": "spread", "priority": "-5",
                    "reservation": "keep",
                ])
            #expect(done.location == "/claims/c-77")
            let draft = try #require(await service.claimDrafts.first)
            #expect(
                draft
                    == API.ClaimDraft(
                        id: "c-77", owner: .init(kind: .reservation, name: "night", tenant: "speech"),
                        requests: [
                            .init(
                                pool: "a100", count: 1, name: "cards", isOptional: true, numa: .required,
                                groupPolicy: .isolate, topology: .sameSwitch,
                                tags: ["trusted": "true", "physical_network": "lan a"]),
                            .init(device: "atlas/d1:00.0"),
                        ], hosts: ["atlas", "borealis"], labels: ["zone": "a", "rack": "3"], strategy: .spread,
                        priority: -5, leaseSeconds: 14_400, waits: true, reservation: "keep"))
        }
    }

    @Test func `the form that was filled in from a claim makes the same claim`() throws {
        let claim = try #require(Demo.atlas.claims.last)
        let entry = ClaimEntry(ClaimForm.fields(like: claim))
        #expect(entry.state.problems.isEmpty)
        let draft = try entry.claim()
        #expect(draft.owner == claim.owner)
        #expect(draft.requests.map(\.pool) == claim.requests.map(\.pool))
        #expect(draft.requests.map(\.numa) == claim.requests.map(\.numa))
        #expect(draft.requests.map(\.topology) == claim.requests.map(\.topology))
        #expect((draft.priority, draft.waits) == (claim.priority, claim.waits))
    }

    @Test func `a name is made once for each form, so that one that is sent twice makes one claim`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let form = try await browse.get("/claims/new").body
            let made = String(try #require(form.firstMatch(of: /name="made" value="(c-[^"]+)"/)).output.1)
            for _ in 0..<2 {
                _ = try await browse.apply("/claims", ["made": "\(made)", "owner": "x", "pool": "a100", "count": "1"])
            }
            let drafts = await service.claimDrafts
            #expect(drafts.map(\.id) == [made, made])
        }
    }

    @Test(arguments: [
        ("owner", "two words", "is not a valid owner name"), ("tenant", "a b", "is not a valid tenant name"),
        ("claim", "!", "is not a valid claim name"), ("claim", "new", "is not a valid claim name"),
        ("lease", "soon", "is not a number"),
        ("priority", "high", "is not a number"), ("labels", "zone", "is not a valid label"),
        ("labels", "zone=a b", "is not a valid label."),
    ])
    func `what cannot be read is said beside its field, keeps what was typed, and leaves the rest explained`(
        field: String, typed: String, sentence: String
    ) async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let preview = try await browse.post(
                "/claims", ["do": "preview", "pool": "a100", "count": "1", "\(field)": "\(typed)"])
            #expect(preview.status == 200)
            let hint = try #require(
                preview.body.firstMatch(of: try Regex("(?s)<p id=\"hint-\(field)\" class=\"hint\" data-hint>(.*?)</p>"))
            )
            #expect(String(hint.output[1].substring ?? "").contains(sentence))
            #expect(preview.body.contains("value=\"\(typed)\"") || preview.body.contains(">\(typed)</textarea>"))
            #expect(preview.body.contains("It fits: atlas would serve it."))
            // To make it, the same is a problem.
            let made = try await browse.post(
                "/claims", ["owner": "x", "pool": "a100", "count": "1", "\(field)": "\(typed)"])
            #expect(made.status == 400 || field == "owner")
            #expect(await service.claimDrafts.isEmpty)
        }
    }

    @Test func `a line that cannot be read is named and keeps its place`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let preview = try await browse.post(
                "/claims",
                [
                    "do": "preview", "pool": "a100", "count": "1", "tags": "", "device": "", "pool": "vfs",
                    "count": "many", "tags": "", "device": "", "pool": "ada", "count": "1", "tags": "nonsense",
                    "device": "",
                ]
            ).body
            func hint(_ number: Int) throws -> String {
                let all = preview.matches(of: /<p id="hint-request-(\d+)" class="hint" data-hint>(.*?)<\/p>/)
                return String(try #require(all.first { $0.output.1 == "\(number)" }).output.2)
            }
            #expect(try hint(1) == "")
            #expect(try hint(2).contains("The count &quot;many&quot; is not a number"))
            #expect(try hint(3).contains("&quot;nonsense&quot; is not a valid tag"))
            #expect(try hint(4) == "")
            #expect(preview.contains("data-unfinished"))
        }
    }

    @Test func `nothing chosen yet is no mistake`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let form = try await browse.get("/claims/new").body
            #expect(form.contains("Choose a pool to see which host would serve it."))
            #expect(!form.contains("class=\"problem\""))
            #expect(await service.explained.isEmpty)
            let made = try await browse.post("/claims", ["owner": "night"])
            #expect(made.status == 400)
            #expect(made.body.contains("The claim requests nothing."))
            #expect(made.body.contains("value=\"night\""))
            let nobody = try await browse.post("/claims", ["pool": "a100", "count": "1"])
            #expect(nobody.body.contains("The name of the owner is missing."))
            #expect(nobody.body.contains("<option value=\"a100\" selected>"))
        }
    }

    @Test func `what does not fit says what would, and a button makes it so`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let preview = try await browse.post(
                "/claims",
                ["do": "preview", "owner": "night", "pool": "vfs", "count": "1", "pool": "a100", "count": "4"]
            ).body
            #expect(preview.contains("Nothing fits now: the only host cannot serve it."))
            let use = try #require(preview.firstMatch(of: /name="use" value="([^"]*)" data-plain/)).output.1
            #expect(use == "count 1 1")
            let fixed = try await browse.post(
                "/claims",
                ["use": "\(use)", "owner": "night", "pool": "vfs", "count": "1", "pool": "a100", "count": "4"]
            ).body
            #expect(fixed.contains("It fits: atlas would serve it."))
            #expect(fixed.contains("value=\"night\""))
            #expect(await service.claimDrafts.isEmpty)
        }
    }

    @Test(arguments: [
        ("count 1 3", "count", 1, "3"), ("numa 0 preferred", "numa", 0, "preferred"),
        ("topology 1 ", "topology", 1, ""),
        ("group 0 none", "group", 0, "none"), ("tags 1 ", "tags", 1, ""), ("optional 0 ", "need", 0, "optional"),
    ])
    func `a fix changes one field of one line`(use: String, field: String, line: Int, value: String) {
        var fields = FormFields()
        for _ in 0..<2 { fields.fields += Self.line.map { .init(name: $0.key, value: $0.value) } }
        let changed = ClaimEntry.using(use, in: fields)
        #expect(changed.all(field)[line] == value)
        let others = zip(fields.fields, changed.fields).filter { $0 != $1 }
        #expect(others.count <= 1)
    }

    @Test func `a fix of several changes makes them all, or has no button`() throws {
        let fields = FormFields(["hosts": "atlas", "pool": "a100", "count": "4", "numa": "required"])
        let entry = ClaimEntry(fields)
        let both: [PlacementFix.Change] = [.anyHost, .count(request: "a100-1", 3)]
        let use = try #require(entry.use(for: API.Fix(PlacementFix(both, ""))))
        let changed = ClaimEntry.using(use, in: fields)
        #expect(changed["hosts"] == nil && changed["count"] == "3" && changed["numa"] == "required")
        #expect(entry.use(for: API.Fix(PlacementFix([.anyHost, .uncordon(host: "atlas")], ""))) == nil)
    }

    @Test func `any host means neither names nor labels`() {
        let fields = FormFields(["hosts": "atlas", "labels": "zone=a", "pool": "a100"])
        let changed = ClaimEntry.using("any-host", in: fields)
        #expect(changed["hosts"] == nil && changed["labels"] == nil && changed["pool"] == "a100")
        for nonsense in ["", "count", "count x 3", "count 9 3", "owner 0 me"] {
            #expect(ClaimEntry.using(nonsense, in: fields) == fields)
        }
    }

    @Test func `a service that refuses to explain is quoted, not obeyed`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get("/claims/new?pool=a100&count=1&device=atlas/41:00.0")
            #expect(page.status == 200)
            #expect(page.body.contains("Both pool a100 and device atlas/41:00.0 are chosen."))
        }
    }

    @Test func `over the form a problem is a sheet with nothing of the form in it`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            var sheet = browse
            sheet.headers[.patchbaySheet] = "yes"
            let answer = try await sheet.post("/claims", ["owner": "night"])
            #expect(answer.status == 400)
            #expect(answer.body.contains("class=\"sheet panel\""))
            #expect(answer.body.contains("The claim requests nothing."))
            #expect(!answer.body.contains("name=\"owner\""))
        }
    }
}
