import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import PatchbayAPI
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayWeb

@Suite struct `Forms` {
    @Test(.requirements("P32", "P33", "P34", "P37"))
    func `attaching shows the plan, then does it, then goes on with a message`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let sheet = try await browse.post(
                "/vms/build-3/attach", ["what": "pool:a100", "count": "2", "name": "cards"])
            #expect(sheet.status == 200)
            #expect(sheet.body.contains("Attach 2 × a100 to build-3"))
            #expect(sheet.body.contains("from nvidia"))
            #expect(sheet.body.contains("patchbay attach a100 --to build-3 --count 2"))
            #expect(await service.done.isEmpty)

            let done = try await browse.apply(
                "/vms/build-3/attach", ["what": "pool:a100", "count": "2", "name": "cards"])
            #expect(done.status == 303)
            #expect(done.location == "/vms/build-3")
            #expect(await service.done == ["attach build-3"])
            #expect(await service.attachments.first?.count == 2)
            #expect(await service.attachments.first?.name == "cards")
            #expect(await service.lastCaller == "token mara")

            let cookie = try #require(done.headers[.setCookie]?.split(separator: ";").first)
            let after = try await browse.get(done.location, [.cookie: String(cookie)])
            #expect(after.body.contains("gets a device at its next start."))
            #expect(after.body.contains("The guest may need a driver"))
            #expect(after.headers[.setCookie]?.contains("Max-Age=0") == true)
        }
    }

    @Test func `a plan that changed since it was shown is shown again, not done`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let sheet = try await browse.post("/vms/build-3/start", [:])
            let confirm = String(try #require(sheet.body.firstMatch(of: /name="confirm" value="([^"]+)"/)).output.1)
            await service.move()
            let again = try await browse.post("/vms/build-3/start", ["confirm": confirm])
            #expect(again.status == 200)
            #expect(again.body.contains("Something changed since this was shown"))
            #expect(await service.done.isEmpty)
        }
    }

    @Test(arguments: [nil, "wrong", ""]) func `a form without the right token does nothing`(_ token: String?)
        async throws
    {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let answer = try await browse.post("/vms/build-3/start", [:], token: token, sendsToken: token != nil)
            #expect(answer.status == 403)
            #expect(answer.body.contains("form-expired"))
            #expect(await service.done.isEmpty)
        }
    }

    @Test func `a refusal shows the form again with everything typed`() async throws {
        let service = DemoService(.atlas)
        await service.refuse(
            Problem(
                .noFit, "Pool a100 has 1 device left, not 3.", evidence: ["41:00.0 is in trainer-01"],
                next: ["Ask for 1."]))
        try await Browse.over(service) { browse in
            let answer = try await browse.post(
                "/vms/build-3/attach", ["what": "pool:a100", "count": "3", "name": "my cards"])
            #expect(answer.status == 409)
            #expect(answer.body.contains("Pool a100 has 1 device left, not 3."))
            #expect(answer.body.contains("41:00.0 is in trainer-01"))
            #expect(answer.body.contains("Ask for 1."))
            #expect(answer.body.contains("value=\"3\""))
            #expect(answer.body.contains("value=\"my cards\""))
            #expect(answer.body.contains("value=\"pool:a100\" selected"))
        }
    }

    @Test(.requirements("P8", "P9", "P10", "P11", "P12"))
    func `devices from the dashboard or a host lead to Make Passthrough for one or several`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            #expect(try await browse.get("/").body.contains("href=\"/devices\""))
            #expect(try await browse.get("/hosts/atlas").body.contains("href=\"/devices?host=atlas\""))
            let list = try await browse.get("/devices?host=atlas")
            #expect(list.body.contains("type=\"checkbox\" name=\"device\" value=\"atlas/0000:42:00.0\""))
            #expect(list.body.contains("Make Passthrough…"))
            let form = try await browse.get("/passthrough?device=atlas/0000:42:00.0&device=atlas/0000:d1:00.0")
            #expect(form.body.contains("<h2>2 devices</h2>"))
            #expect(form.body.contains("<option value=\"a100\""))
            #expect(form.body.contains("New pool…"))
            #expect(form.body.contains("nvidia lets go of it, no reboot"))
        }
    }

    @Test(.requirements("P13", "P14", "P15", "P16", "P17"))
    func `without a pool the form for a new one is there at once`() async throws {
        var world = Demo.atlas
        world.pools = []
        try await Browse.over(DemoService(world)) { browse in
            let form = try await browse.get("/passthrough?device=atlas/0000:42:00.0")
            #expect(!form.body.contains("name=\"existing\""))
            #expect(form.body.contains("this creates the first one"))
            for field in [
                "name=\"pool\"", "name=\"description\"", "name=\"class\"", "name=\"preparation\"", "name=\"sticky\"",
            ] {
                #expect(form.body.contains(field))
            }
            #expect(form.body.contains("<p class=\"fixed\">PCI</p>"))
        }
    }

    @Test(.requirements("P3", "P6")) func `what it means for the host must be read first`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let form = try await browse.get("/passthrough?device=atlas/0000:42:00.0")
            #expect(form.body.contains("it is unbound from its driver and the host cannot use it"))
            let answer = try await browse.post(
                "/passthrough", ["device": "atlas/0000:42:00.0", "existing": "", "pool": "pci-gpus"])
            #expect(answer.status == 400)
            #expect(answer.body.contains("were not confirmed"))
            #expect(answer.body.contains("value=\"pci-gpus\""))
            #expect(await service.done.isEmpty)
        }
    }

    @Test(.requirements("P4")) func `a device that the host needs is refused before a pool is chosen`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let form = try await browse.get("/passthrough?device=atlas/0000:00:17.0")
            #expect(form.body.contains("Reasons against it"))
            #expect(form.body.contains("root file system: / → dm-0 → sda3 → sda → 0000:00:17.0"))
        }
    }

    @Test(.requirements("P19", "P20")) func `a host that must reboot is named on every dashboard, with the procedure`()
        async throws
    {
        var world = Demo.atlas
        let finding = Wire.finding(
            "iommu-off", "problem", "atlas", "The IOMMU is off.", ["Turn on VT-d in the firmware, then reboot."])
        world.hosts = [Wire.host("atlas", iommu: "off-in-firmware", findings: [finding])]
        try await Browse.over(DemoService(world)) { browse in
            for path in ["/", "/devices"] {
                let page = try await browse.get(path)
                #expect(page.body.contains("<b>atlas</b>: The IOMMU is off."))
                #expect(page.body.contains("then reboot."))
            }
            let host = try await browse.get("/hosts/atlas")
            #expect(host.body.contains("Put it into maintenance first"))
            let form = try await browse.get("/passthrough?device=atlas/0000:42:00.0")
            #expect(form.body.contains("host must reboot first"))
        }
    }

    @Test(.requirements("P22", "P23", "P24", "P25"))
    func `a rule that was made is listed, opens, and can match on any host`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let pool = try await browse.get("/pools/a100")
            #expect(pool.body.contains("<h2>Rules</h2>"))
            #expect(pool.body.contains("data-open=\"/pools/a100/rules/atlas-41-00-0\""))
            let rule = try await browse.get("/pools/a100/rules/atlas-41-00-0")
            #expect(rule.body.contains("<option value=\"atlas\" selected>"))
            let done = try await browse.apply(
                "/pools/a100/rules/atlas-41-00-0",
                [
                    "revision": "12", "madeFrom": "atlas/0000:41:00.0", "rule": "atlas-41-00-0", "host": "",
                    "enabled": "yes", "field": "id", "comparison": "=", "value": "10de:20b5", "field": "",
                    "comparison": "=", "value": "",
                ])
            #expect(done.location == "/pools/a100")
            let rules = try #require(await service.drafts.first?.rules)
            #expect(rules.map(\.name) == ["atlas-41-00-0", "every-a100", "old-cards"])
            #expect(rules[0].host == nil)
            #expect(rules[0].conditions.map(\.value) == ["10de:20b5"])
            #expect(rules[0].madeFrom == "atlas/0000:41:00.0")
        }
    }

    @Test func `what is only planned is not said to be done`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let start = try await browse.apply("/vms/build-3/start", [:])
            #expect(start.location.hasPrefix("/plans/") && start.headers[.setCookie] == nil)
            let pool = try await browse.apply("/pools/a100/edit", ["revision": "12", "description": "x"])
            #expect(pool.location == "/pools/a100" && pool.headers[.setCookie]?.hasPrefix("patchbay-notice=") == true)
        }
    }

    @Test(.requirements("P27", "P28")) func `a pool gives several devices to a chosen VM`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let pool = try await browse.get("/pools/a100")
            #expect(pool.body.contains("VMs that request it"))
            #expect(pool.body.contains("<option value=\"build-3\""))
            _ = try await browse.apply("/pools/a100/attach", ["vm": "build-3", "count": "2"])
            #expect(await service.attachments.first?.pool == "a100")
            #expect(await service.attachments.first?.count == 2)
        }
    }

    @Test(.requirements("P26", "P29", "P30")) func `the VM's page has a form for a new device`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let vm = try await browse.get("/vms/build-3")
            #expect(vm.body.contains("Attach a device"))
            #expect(vm.body.contains("a100 · PCI · 1 of 2 free on atlas"))
            #expect(vm.body.contains("<optgroup label=\"PCI: any of a pool\">"))
            _ = try await browse.apply("/vms/build-3/attach", ["what": "device:atlas/0000:42:00.0", "name": ""])
            let request = try #require(await service.attachments.first)
            #expect(request.device == "atlas/0000:42:00.0")
            #expect(request.name == nil)
        }
    }

    @Test(.requirements("P35", "P36")) func `a pending restart is offered at the top of the VM's page`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let page = try await browse.get("/vms/trainer-01")
            let banner = try #require(page.body.range(of: "Restart pending."))
            let heading = try #require(page.body.range(of: "<h1"))
            #expect(banner.lowerBound < heading.lowerBound)
            let done = try await browse.apply("/vms/trainer-01/restart", [:])
            #expect(done.location == "/plans/p-9001")
            #expect(await service.done == ["restart trainer-01"])
            #expect(!(try await browse.get("/vms/build-3").body.contains("Restart pending.")))
        }
    }

    @Test(arguments: [
        ("/vms/build-3/start", "start build-3"), ("/vms/router/stop", "stop router"),
        ("/vms/build-3/delete", "delete vm build-3"),
        ("/plans/p-7f31/undo", "undo p-7f31"), ("/claims/job-17/release", "release claim job-17"),
        ("/claims/job-17/renew", "renew claim job-17"), ("/hosts/atlas/settings", "edit host atlas"),
        ("/pools/a100/delete", "delete pool a100"),
        ("/devices/atlas/42:00.0/prepare", "prepare atlas/0000:42:00.0"),
        ("/devices/atlas/42:00.0/release", "release atlas/0000:42:00.0"),
    ])
    func `every change is a sheet first`(path: String, words: String) async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let sheet = try await browse.post(path, [:])
            #expect(sheet.body.contains("data-apply"))
            #expect(await service.done.isEmpty)
            let done = try await browse.apply(path, [:])
            #expect(done.status == 303)
            #expect(await service.done == [words])
        }
    }

    @Test func `a cable that is dropped or pulled asks for the same as the forms`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            _ = try await browse.apply("/connect", ["what": "device:atlas/0000:42:00.0", "vm": "build-3"])
            _ = try await browse.apply("/disconnect", ["device": "atlas/0000:41:00.0", "vm": "trainer-01"])
            #expect(await service.done == ["attach build-3", "detach atlas/0000:41:00.0 trainer-01"])
            #expect(
                try await browse.get("/devices/open?device=atlas/0000:42:00.0").location == "/devices/atlas/42:00.0")
        }
    }

    @Test func `a name that is missing is said beside its field`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let form = try await browse.get("/pools/new").body
            #expect(form.firstMatch(of: /(?s)<input id="pool"[^>]* required/) != nil)
            let answer = try await browse.post("/pools", ["pool": " ", "class": "gpu", "preparation": "eager"])
            #expect(answer.status == 400)
            #expect(answer.body.firstMatch(of: /(?s)<input id="pool"[^>]*aria-invalid="true"/) != nil)
            #expect(
                answer.body.firstMatch(
                    of: /id="hint-pool" class="hint" data-hint>[^<]*<span[^<]*<\/span> Give the pool/) != nil)
            // Where another pool can be chosen, a name is not needed before a script has seen which.
            let choice = try await browse.get("/passthrough?device=atlas/0000:42:00.0").body
            #expect(choice.firstMatch(of: /(?s)<input id="pool"[^>]* required[ >]/) == nil)
        }
    }

    @Test func `a new VM needs something to start from`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let answer = try await browse.post("/vms", ["vm": "build-4", "vcpus": "4", "memoryMiB": "512"])
            #expect(answer.status == 400)
            #expect(answer.body.contains("has nothing to boot from"))
            #expect(answer.body.contains("value=\"build-4\""))
            let done = try await browse.apply(
                "/vms",
                ["vm": "build-4", "host": "atlas", "vcpus": "4", "memoryMiB": "512", "disk": "/images/b.qcow2"])
            #expect(done.status == 303)
            #expect(await service.done == ["create vm build-4"])
        }
    }

    @Test func `the console's log is text without control characters`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get("/vms/router/console")
            #expect(page.body.contains("Linux version 6.1.0"))
            #expect(page.body.contains("&lt;script&gt;login:"))
            #expect(!page.body.contains("\u{1B}") && !page.body.contains("[1m"))
        }
    }
}
