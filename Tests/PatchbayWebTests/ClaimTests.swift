import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayWeb

@Suite struct `Claims on the web` {
    @Test func `the list says who, what, where, until when, and who waits first`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let list = try await browse.get("/claims").body
            #expect(list.contains("aria-current=\"page\">Claims</a>"))
            #expect(list.contains("<a href=\"/vms/trainer-01\">VM trainer-01</a>"))
            #expect(list.contains("system slurm/job-17"))
            #expect(list.contains("4 × a100"))
            #expect(list.contains("1st in the queue"))
            #expect(list.contains("priority 5"))
            #expect(list.contains("title=\"2026-11-21 15:02:11 UTC\">in 1 h</time>"))
            #expect(list.contains("<a class=\"address\" href=\"/devices/atlas/42:00.0\">42:00.0</a>"))
            let rows = list.matches(of: /<tr id="claimrow-([^"]+)"/).map { String($0.output.1) }
            #expect(rows == ["night", "c-1", "job-17"])
        }
    }

    @Test func `the list is narrowed by words and by phase, and both go together`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let named = try await browse.get("/claims?filter=SLURM%20vision").body
            #expect(named.contains("1 of 3 claims") && named.contains("claimrow-job-17"))
            let pending = try await browse.get("/claims?phase=pending").body
            #expect(pending.contains("claimrow-night") && !pending.contains("claimrow-job-17"))
            // The way back is the same link again.
            #expect(pending.contains("href=\"/claims\" aria-current=\"true\""))
            let none = try await browse.get("/claims?phase=pending&filter=slurm").body
            #expect(none.contains("Nothing matches"))
            #expect(try await browse.get("/claims?phase=eternal").status == 400)
        }
    }

    @Test func `a long list is paged and keeps its filter`() async throws {
        var world = Demo.atlas
        world.claims = (0..<300).map { index in
            var claim = world.claims[1]
            claim.id = "job-\(index)"
            return claim
        }
        try await Browse.over(DemoService(world)) { browse in
            let first = try await browse.get("/claims?phase=allocated").body
            #expect(first.contains("1–250 of 300 claims"))
            #expect(first.contains("href=\"/claims?phase=allocated&amp;page=1\""))
        }
    }

    @Test func `a claim that is served shows what it has, where it sits, and what decided`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get("/claims/c-1").body
            #expect(
                page.contains("atlas serves it with") && page.contains("<b>atlas</b> <span>It serves the claim.</span>")
            )
            #expect(page.contains("<code>numa-distance</code> <b>0</b>"))
            #expect(page.contains("All devices are on the guest&#39;s node."))
            #expect(page.contains("Cell 0 on NUMA node 0"))
            #expect(page.contains("a dedicated core for each virtual CPU · huge pages of 1G"))
            #expect(page.contains("8-15,40-47"))
            #expect(page.contains("Ends when <a href=\"/vms/trainer-01\">trainer-01</a> stops."))
            // The seat is shown once, and a VM's claim is not released or renewed by hand.
            #expect(page.matches(of: /Cell 0 on NUMA node 0/).count == 1)
            #expect(!page.contains("/claims/c-1/release") && !page.contains("/claims/c-1/renew"))
        }
    }

    @Test func `a claim that waits where there is no host is told so`() {
        let nobody = API.Explanation(Explanation(hosts: [])) { ($0.short, nil) }
        #expect(ExplanationNote(nobody, .waiting, now: 0).headline == "Nothing fits now: there is no host to serve it.")
    }

    @Test func `a claim that waits is told the first failing test of every host, who holds what, and until when`()
        async throws
    {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get("/claims/night").body
            #expect(page.contains("Nothing fits now: none of 4 hosts can serve it."))
            #expect(page.contains("<details id=\"fit-atlas\" open><summary>"))
            #expect(page.contains("It has 0 of 4 devices for request a100-1."))
            #expect(page.contains("and 2 more hosts for the same reason"))
            #expect(page.contains("It is reserved for system slurm/job-17."))
            #expect(page.contains("<a class=\"quiet\" href=\"/claims?filter=slurm%2Fjob-17\">"))
            #expect(page.contains("1 that is not requested"))
            #expect(page.contains("Nothing yet: it waits, 1st in the queue."))
        }
    }

    @Test func `every fix has its line to copy, and a button where the service can do it`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get("/claims/night").body
            let fixes = page.matches(of: /(?s)<li><p>((?:(?!<\/li>).)*)<\/li>/).map { String($0.output.1) }
                .filter { $0.contains("fixdo") }
            #expect(fixes.count == 5)
            let again = try #require(fixes[0].firstMatch(of: /href="(\/claims\/new\?[^"]*)"/)).output.1
            let form = try await browse.get(String(again).replacing("&amp;", with: "&")).body
            #expect(form.contains("name=\"count\" inputmode=\"numeric\" value=\"1\""))
            #expect(form.contains("<option value=\"required\" selected>"))
            // One without a line of its own does not borrow the page's.
            #expect(!fixes[1].contains("<code>"))
            #expect(fixes[2].contains("action=\"/claims/job-17/release\"") && fixes[2].contains("Its lease ends"))
            #expect(fixes[3].contains("action=\"/vms/trainer-01/stop\""))
            #expect(fixes[3].contains("<code>patchbay vm stop trainer-01</code>"))
            #expect(fixes[4].contains("action=\"/hosts/borealis/settings\""))
        }
    }

    @Test func `the buttons of fixes do what they say, after showing it`() async throws {
        var world = Demo.atlas
        world.hosts.append(Wire.host("borealis"))
        let service = DemoService(world)
        try await Browse.over(service) { browse in
            _ = try await browse.apply("/hosts/borealis/settings", ["cordoned": "no"])
            _ = try await browse.apply("/hosts/borealis/settings", ["pinned": "yes"])
            _ = try await browse.apply("/claims/job-17/release", [:])
            let drafts = await service.hostDrafts
            #expect(drafts == [.init(isCordoned: false), .init(isPinned: true)])
            #expect(await service.done.last == "release claim job-17")
            let wrong = try await browse.post("/hosts/borealis/settings", ["cordoned": "maybe"])
            #expect(wrong.status == 400)
        }
    }

    @Test func `releasing warns that its devices go to others`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let sheet = try await browse.post("/claims/job-17/release", [:]).body
            #expect(sheet.contains("system slurm/job-17 must no longer use its devices"))
            #expect(!(try await browse.post("/claims/night/release", [:]).body.contains("must no longer use")))
        }
    }

    @Test func `renewing takes a number and a unit, and a wrong one stays where it was typed`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let page = try await browse.get("/claims/job-17").body
            #expect(page.contains("name=\"lease\" inputmode=\"numeric\" size=\"5\" value=\"4\""))
            #expect(page.contains("<option value=\"hours\" selected>"))
            let done = try await browse.apply("/claims/job-17/renew", ["lease": "90", "leaseUnit": "minutes"])
            #expect(done.location == "/claims/job-17")
            #expect(await service.renewals == [.init(leaseSeconds: 5400)])
            let wrong = try await browse.post("/claims/job-17/renew", ["lease": "soon", "leaseUnit": "days"])
            #expect(wrong.status == 400)
            #expect(wrong.body.contains("value=\"soon\""))
            #expect(wrong.body.contains("<option value=\"days\" selected>"))
        }
    }

    @Test func `a VM that is off is told whether it could start now`() async throws {
        var world = Demo.atlas
        world.vms.append(
            Wire.vm(
                "trainer-02", state: "shut-off", requests: [["name": "a100-1", "pool": "a100", "count": 4]],
                next: ["4 × any of pool a100"]))
        try await Browse.over(DemoService(world)) { browse in
            let off = try await browse.get("/vms/trainer-02").body
            #expect(off.contains("<h2>Can it start now?</h2>"))
            #expect(off.contains("No: trainer-02 would not get what it requests."))
            #expect(off.contains("VM trainer-01 has it."))
            // It runs; and it asks for nothing.
            #expect(!(try await browse.get("/vms/trainer-01").body.contains("Can it start now?")))
            #expect(!(try await browse.get("/vms/build-3").body.contains("Can it start now?")))
        }
    }
}
