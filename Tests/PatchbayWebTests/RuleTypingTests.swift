import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayWeb

@Suite struct `A rule that is being written` {
    private func preview(_ browse: Browse, _ pool: String, _ fields: KeyValuePairs<String, String>) async throws
        -> String
    {
        let answer = try await browse.post("/pools/\(pool)", fields)
        #expect(answer.status == 200)
        return answer.body
    }

    @Test func `the pool's page has the form, and the rule's page the same`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            for path in ["/pools/a100", "/pools/a100/rules"] {
                let page = try await browse.get(path).body
                #expect(page.contains("data-preview=\"#rule-preview\""))
                #expect(page.contains("Enter a condition to see the devices that would be in a100."))
            }
            // A pool without rules begins with it.
            #expect(try await browse.get("/pools/ada").body.contains("class=\"tryrule\" open"))
            #expect(!(try await browse.get("/pools/a100").body.contains("class=\"tryrule\" open")))
        }
    }

    @Test func `it says how many, where, and what enters the pool`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await preview(
                browse, "a100/rules",
                ["do": "preview", "rule": "", "enabled": "yes", "field": "vendor", "comparison": "=", "value": "10de"])
            #expect(page.contains("Matches 4 devices"))
            #expect(page.contains("2 devices enter a100"))
            #expect(page.contains("<details id=\"match-atlas\" open><summary><b>atlas</b>"))
            #expect(page.contains("data-said=\"Matches 4 devices. 2 devices enter a100\""))
            #expect(page.contains("The devices differ: 3 models."))
        }
    }

    @Test func `it says what leaves the pool, and who holds that`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            var world = Demo.atlas
            world.pools[0].rules.removeAll { $0.name != "every-a100" }
            try await Browse.over(DemoService(world)) { browse in
                let page = try await preview(
                    browse, "a100/rules/every-a100",
                    [
                        "do": "preview", "rule": "every-a100", "enabled": "yes", "field": "driver", "comparison": "=",
                        "value": "nvidia",
                    ])
                #expect(page.contains("Matches 1 device<"))
                #expect(page.contains("1 device leaves a100"))
                #expect(page.contains("41:00.0 is in pool a100 no more, but trainer-01 holds it"))
            }
            let off = try await preview(
                browse, "a100/rules/every-a100",
                ["do": "preview", "rule": "every-a100", "field": "numa", "comparison": "=", "value": "0"])
            #expect(off.contains("once it is enabled"))
        }
    }

    @Test func `half a condition is said beside it, and the whole ones still match`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let page = try await preview(
                browse, "ada/rules",
                [
                    "do": "preview", "rule": "", "enabled": "yes", "field": "", "comparison": "=", "value": "",
                    "field": "name", "comparison": "~", "value": "(", "field": "vendor", "comparison": "=",
                    "value": "10de", "field": "numa", "comparison": "*=", "value": "1",
                ])
            func hint(_ number: Int) throws -> String {
                let all = page.matches(of: /<p id="hint-condition-(\d+)" class="hint" data-hint>(.*?)<\/p>/)
                return String(try #require(all.first { $0.output.1 == "\(number)" }).output.2)
            }
            #expect(try hint(1) == "")
            #expect(try !hint(2).isEmpty)
            #expect(try hint(3) == "")
            #expect(try hint(4).contains("cannot be used with numa"))
            #expect(page.contains("value=\"(\""))
            #expect(page.contains("Matches 4 devices") && page.contains("Incomplete lines are ignored."))
            #expect(page.contains("data-unfinished"))
            #expect(!page.contains("class=\"problem\""))
        }
    }

    @Test func `a value without a fact, and a fact without a value, are said`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await preview(
                browse, "ada/rules",
                [
                    "do": "preview", "field": "", "comparison": "=", "value": "10de", "field": "driver",
                    "comparison": "=", "value": "",
                ])
            #expect(page.contains("No field is chosen for this value."))
            #expect(page.contains("No value means: a device that has no driver."))
        }
    }

    @Test(.requirements("V38")) func `rules are written by hand, with tags, and edited`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            _ = try await browse.apply(
                "/pools/vfs/rules",
                [
                    "revision": "12", "rule": "lan", "enabled": "yes", "field": "vendor", "comparison": "=",
                    "value": "8086", "tags": "physical_network=lan\n\n trusted = true ",
                ])
            let made = try #require(await service.drafts.first?.rules?.last)
            #expect(made.tags == ["physical_network": "lan", "trusted": "true"])
            var world = Demo.atlas
            world.pools[2].rules = [made]
            try await Browse.over(DemoService(world)) { browse in
                let form = try await browse.get("/pools/vfs/rules/lan").body
                #expect(form.contains(">physical_network=lan\ntrusted=true</textarea>"))
                #expect(
                    try await browse.get("/pools/vfs").body.contains("<code class=\"condition\">trusted=true</code>"))
            }
        }
    }

    @Test func `tags that say nothing are kept as they were typed and not saved`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            for tags in ["lan", "trusted=perhaps", "a=1\na=2"] {
                let fields: KeyValuePairs = [
                    "revision": "12", "rule": "lan", "enabled": "yes", "field": "vendor", "comparison": "=",
                    "value": "8086", "tags": tags,
                ]
                let answer = try await browse.post("/pools/vfs/rules", fields)
                #expect(answer.status == 400)
                #expect(answer.body.contains(">\(tags)</textarea>"))
                #expect(answer.body.contains("<option value=\"vendor\" selected>"))
                #expect(answer.body.contains("value=\"8086\""))
            }
            #expect(await service.drafts.isEmpty)
        }
    }

    @Test func `a rule without a name is not saved`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let answer = try await browse.post(
                "/pools/vfs/rules", ["rule": " ", "field": "vendor", "comparison": "=", "value": "8086"])
            #expect(answer.status == 400)
            #expect(answer.body.contains("The name of the rule is missing."))
            #expect(answer.body.contains("value=\"8086\""))
        }
    }

    @Test func `a rule that matches thousands lists the first of each host`() {
        let devices = Demo.fleet(hosts: 3, devices: 100).devices
        let matches = RuleMatches(
            RuleTrial(matching: devices, before: [], after: devices), pool: "gpus", isEnabled: true)
        #expect(matches.heading == "Matches 300 devices")
        #expect(matches.hosts.map(\.host) == ["host-1", "host-2", "host-3"])
        #expect(matches.hosts.allSatisfy { $0.devices.count == 24 && $0.more == "and 76 more" })
        #expect(matches.hosts[0].counts.map(\.count) == [66, 34])
        #expect(matches.changes.map(\.title) == ["300 devices enter gpus"])
    }
}
