import Hummingbird
import HummingbirdTesting
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

/// Drafts of the policies that the tests apply.
enum Drafts {
    static func rule(
        _ name: String, _ field: String, _ comparison: String, _ value: String, tags: [String: String]? = nil
    ) -> API.Rule {
        API.Rule(
            name: name, conditions: [API.Condition(field: field, comparison: comparison, value: value)], tags: tags)
    }

    static func pool(_ name: String, _ rules: [API.Rule], _ preparation: Pool.Preparation? = nil) -> API.PoolDraft {
        API.PoolDraft(name: name, preparation: preparation, rules: rules)
    }

    static let a100s = pool("a100s", [rule("a100", "name", "*=", "A100")])
    static let others = pool("others", [rule("ada", "name", "*=", "Ada")])
    static let trainer = API.ProfileDraft(
        name: "trainer", vcpus: 4, memoryMiB: 2048, requests: [API.RequestDraft(pool: "a100s", count: 2)])

    static func expect(_ texts: String...) -> [API.Expectation] {
        texts.enumerated().map { API.Expectation(text: $1, place: "gpus.yaml:\($0 + 10)") }
    }
}

@Suite struct `A policy` {
    @Test(.requirements("N30", "N31"), arguments: StoreKind.allCases)
    func `is put in force in one commit, and once`(_ kind: StoreKind) async throws {
        try await Scene.with(kind) { scene in
            let draft = API.PolicyDraft(
                pools: [Drafts.a100s, Drafts.others], profiles: [Drafts.trainer],
                expectations: Drafts.expect("a100s matches 2 on atlas", "others includes atlas/c1:00.0"))
            let before = try await scene.revision
            let change = try await scene.plane.applyPolicy(draft, dryRun: false)
            #expect(try await scene.revision == before + 1)
            let values = try await scene.store.list("").values
            let written = values.filter { $0.modified == before + 1 }.map(\.key)
            for key in ["pools/a100s", "pools/others", "profiles/trainer"] { #expect(written.contains(key)) }
            #expect(change.message == "Policy applied: 3 created.")
            #expect(change.differences?.map(\.action) == [.create, .create, .create])
            #expect(try await scene.plane.pool("a100s").devices.count == 2)
            #expect(try await scene.plane.profile("trainer").requests.map(\.name) == ["a100s-1"])
            let again = try await scene.plane.applyPolicy(draft, dryRun: false)
            #expect(again.message == "Nothing changes.")
            #expect(again.differences?.allSatisfy { $0.action == .unchanged && $0.lines.isEmpty } == true)
            #expect(try await scene.revision == before + 1)
        }
    }

    @Test(.requirements("N31"), arguments: StoreKind.allCases)
    func `whose expectation does not hold changes nothing, and says what matched`(_ kind: StoreKind) async throws {
        try await Scene.with(kind) { scene in
            let before = try await scene.revision
            let draft = API.PolicyDraft(
                pools: [Drafts.a100s, Drafts.others], profiles: [Drafts.trainer],
                expectations: Drafts.expect(
                    "a100s matches 4 on atlas", "others matches 1", "a100s includes atlas/c1:00.0",
                    "nics matches none", "a100s matches none on mars"))
            for dryRun in [true, false] {
                let refusal = try await problem { _ = try await scene.plane.applyPolicy(draft, dryRun: dryRun) }
                #expect(refusal.code == .expectationFailed)
                #expect(refusal.detail == "4 expectations do not hold; nothing was changed.")
                #expect(
                    refusal.evidence == [
                        "gpus.yaml:10: \"a100s matches 4 on atlas\", but it matches 2: atlas/41:00.0, atlas/42:00.0",
                        "gpus.yaml:12: \"a100s includes atlas/c1:00.0\", but it matches 2: atlas/41:00.0, atlas/42:00.0",
                        "gpus.yaml:13: \"nics matches none\", but there is no pool \"nics\"",
                        "gpus.yaml:14: \"a100s matches none on mars\", but no host \"mars\" has ever reported",
                    ])
            }
            #expect(try await scene.revision == before)
            #expect(try await scene.plane.pools().isEmpty)
            #expect(try await scene.plane.profiles().isEmpty)
        }
    }

    @Test func `is not put in force by a dry run`() async throws {
        try await Scene.with { scene in
            _ = try await scene.plane.createPool(Drafts.a100s, dryRun: false)
            let before = try await scene.revision
            var narrow = Drafts.a100s
            narrow.rules = [Drafts.rule("a100", "address", "=", "41:00.0")]
            let change = try await scene.plane.applyPolicy(API.PolicyDraft(pools: [narrow]), dryRun: true)
            #expect(
                change.differences?.first?.lines == [
                    "  prepare: on-demand", "  rules:", "    - name: a100", "-     where: name*=A100",
                    "+     where: address=41:00.0",
                ])
            #expect(try await scene.revision == before)
        }
    }

    @Test(.requirements("N77")) func `tells which running VMs it concerns, and takes nothing from them`() async throws {
        try await Scene.with { scene in
            _ = try await scene.plane.createPool(Drafts.a100s, dryRun: false)
            _ = try await scene.plane.attach(API.AttachRequest(pool: "a100s", count: 2), to: "one", dryRun: false)
            _ = try await scene.plane.startVM("one", dryRun: false)
            try await scene.agent.work()
            var narrow = Drafts.a100s
            narrow.rules = [Drafts.rule("a100", "address", "=", "41:00.0")]
            let draft = API.PolicyDraft(pools: [narrow])
            let tried = try await scene.plane.applyPolicy(draft, dryRun: true)
            #expect(tried.findings.map(\.code) == ["held-outside-pool", "next-start-fails"])
            #expect(tried.findings.allSatisfy { $0.sentence.contains("one") })
            _ = try await scene.plane.applyPolicy(draft, dryRun: false)
            #expect(try await scene.state(of: "42:00.0") == .attached)
        }
    }

    @Test func `moves the devices of eager pools by plans of the same commit`() async throws {
        try await Scene.with { scene in
            let before = try await scene.revision
            let eager = Drafts.pool("a100s", [Drafts.rule("a100", "name", "*=", "A100")], .eager)
            let change = try await scene.plane.applyPolicy(API.PolicyDraft(pools: [eager]), dryRun: false)
            #expect(change.plans.count == 1)
            #expect(try await scene.revision == before + 1)
            try await scene.agent.work()
            #expect(try await scene.plane.device("41:00.0").driver == "vfio-pci")
            _ = try await scene.plane.applyPolicy(
                API.PolicyDraft(pools: [Drafts.others], prune: true), dryRun: false)
            try await scene.agent.work()
            #expect(try await scene.plane.device("41:00.0").driver == "nvidia")
            #expect(try await scene.plane.pools().map(\.name) == ["others"])
        }
    }

    @Test func `says the whole of a pool: what is left out is as in a new one`() async throws {
        try await Scene.with { scene in
            var full = Drafts.a100s
            full.description = "cards"
            full.deviceClass = .gpu
            _ = try await scene.plane.createPool(full, dryRun: false)
            _ = try await scene.plane.applyPolicy(API.PolicyDraft(pools: [Drafts.a100s]), dryRun: false)
            let pool = try await scene.plane.pool("a100s")
            #expect(pool.description == "" && pool.deviceClass == .unknown)
        }
    }

    @Test func `prunes only kinds that it names, and nothing that is asked for`() async throws {
        try await Scene.with { scene in
            _ = try await scene.plane.applyPolicy(
                API.PolicyDraft(pools: [Drafts.a100s, Drafts.others], profiles: [Drafts.trainer]), dryRun: false)
            let onlyProfiles = API.PolicyDraft(profiles: [Drafts.trainer], prune: true)
            #expect(try await scene.plane.applyPolicy(onlyProfiles, dryRun: false).message == "Nothing changes.")
            let without = API.PolicyDraft(pools: [Drafts.others], prune: true)
            let refusal = try await problem { _ = try await scene.plane.applyPolicy(without, dryRun: false) }
            #expect(refusal.code == .inUse)
            #expect(refusal.evidence == ["profile trainer requests it"])
            _ = try await scene.plane.deleteProfile("trainer", dryRun: false)
            _ = try await scene.plane.attach(API.AttachRequest(pool: "a100s"), to: "one", dryRun: false)
            let asked = try await problem { _ = try await scene.plane.applyPolicy(without, dryRun: false) }
            #expect(asked.evidence == ["one requests it"])
            #expect(try await scene.plane.pools().count == 2)
        }
    }

    @Test func `tells everything that is wrong with it`() async throws {
        try await Scene.with { scene in
            let before = try await scene.revision
            var wrong = Drafts.trainer
            wrong.vcpus = 0
            let draft = API.PolicyDraft(
                pools: [Drafts.pool("UPPER", []), Drafts.pool("p", [Drafts.rule("r", "state", "=", "free")])],
                profiles: [wrong, Drafts.trainer, Drafts.trainer], expectations: Drafts.expect("p has 4"))
            let refusal = try await problem { _ = try await scene.plane.applyPolicy(draft, dryRun: false) }
            #expect(refusal.detail == "The policy has 5 problems; nothing was changed.")
            #expect(refusal.evidence.count == 5)
            #expect(refusal.evidence[0].hasPrefix("pool UPPER: "))
            #expect(refusal.evidence[4].hasPrefix("gpus.yaml:10: "))
            let lone = API.PolicyDraft(profiles: [Drafts.trainer])
            #expect(
                try await problem { _ = try await scene.plane.applyPolicy(lone, dryRun: false) }.code == .unknownPool)
            #expect(try await scene.revision == before)
        }
    }

    @Test func `is one request, strictly read`() async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                let body = """
                    {"pools":[{"name":"a100s","rules":[{"name":"r","isEnabled":true,
                      "conditions":[{"field":"name","comparison":"*=","value":"A100"}],"tags":{"net":"lan"}}]}],
                     "profiles":[{"name":"t","hugepages":"1G","requests":[{"pool":"a100s","numa":"required"}]}],
                     "expectations":[{"text":"a100s matches 2"}]}
                    """
                let change = try await door.send(.post, "/v1/policy", body).change()
                #expect(change.differences?.map(\.name) == ["a100s", "t"])
                #expect(try await door.get(API.Pool.self, "/v1/pools/a100s").rules.first?.tags == ["net": "lan"])
                let profile = try await door.get(API.Profile.self, "/v1/profiles/t")
                #expect(profile.hugepages == "1G" && profile.requests.first?.numa == .required)
                #expect(try await door.get([API.Profile].self, "/v1/profiles").map(\.name) == ["t"])
                let unknown = try await door.send(.post, "/v1/policy", "{\"profiles\":[{\"name\":\"t\",\"cpus\":1}]}")
                let told = try unknown.problem()
                #expect(told.code == "unknown-field" && told.detail.contains("profiles[0].cpus"))
                _ = try await door.send(.delete, "/v1/profiles/t").change()
                #expect(try await door.send(.get, "/v1/profiles/t").problem().code == "unknown-profile")
            }
        }
    }
}
