import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import PatchbayAPI
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayWeb

/// Pools and their rules.
extension `Forms` {
    @Test(.requirements("P18", "P21"))
    func `a new pool and its rules are made in one go, with a message`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let done = try await browse.apply(
                "/passthrough",
                [
                    "device": "atlas/0000:42:00.0", "device": "atlas/0000:d1:00.0", "existing": "", "pool": "pci-gpus",
                    "description": "for training", "class": "gpu", "preparation": "eager", "acknowledged": "yes",
                ])
            #expect(done.status == 303)
            #expect(done.location == "/pools/pci-gpus")
            #expect(done.headers[.setCookie]?.contains("Rules%20were%20made") == true)
            let request = try #require(await service.passthroughs.first)
            #expect(request.devices == ["atlas/0000:42:00.0", "atlas/0000:d1:00.0"])
            #expect(request.create?.deviceClass == .gpu)
            #expect(request.create?.preparation == .eager)
        }
    }

    @Test func `a rule's matches are shown before it is saved, and its mistakes beside it`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let preview = try await browse.post(
                "/pools/a100/rules",
                ["do": "preview", "rule": "", "enabled": "yes", "field": "vendor", "comparison": "=", "value": "10de"])
            #expect(preview.body.contains("Matches 4 devices"))
            #expect(await service.done.isEmpty)
            let wrong = try await browse.post(
                "/pools/a100/rules",
                ["do": "preview", "rule": "r", "enabled": "yes", "field": "name", "comparison": "~", "value": "("])
            #expect(wrong.status == 200)
            #expect(wrong.body.firstMatch(of: /id="hint-condition-1" class="hint" data-hint>[^<]*<span/) != nil)
            #expect(wrong.body.contains("value=\"(\""))
        }
    }

    @Test func `rules are disabled and deleted one at a time`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            _ = try await browse.apply("/pools/a100/rules/every-a100/toggle", ["revision": "12"])
            _ = try await browse.apply("/pools/a100/rules/old-cards/delete", ["revision": "12"])
            let drafts = await service.drafts
            #expect(drafts[0].rules?.map(\.isEnabled) == [true, false, false])
            #expect(drafts[1].rules?.map(\.name) == ["atlas-41-00-0", "every-a100"])
        }
    }

    @Test func `an edit of a pool that changed meanwhile is refused and nothing typed is lost`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let answer = try await browse.post(
                "/pools/a100/edit", ["revision": "11", "description": "mine", "class": "gpu", "preparation": "eager"])
            #expect(answer.status == 412)
            #expect(answer.body.contains("was changed meanwhile"))
            #expect(answer.body.contains("value=\"mine\""))
        }
    }

    @Test func `a pool says what a VM gets again, and takes another word for it`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let before = try await browse.get("/pools/a100").body
            #expect(before.contains("<option value=\"storage\" selected>the same disk, any other device</option>"))
            #expect(!before.contains("A VM gets again the same device") && !before.contains(" · a VM gets again"))
            let fields: KeyValuePairs = [
                "revision": "12", "description": "", "class": "gpu", "preparation": "on-demand", "sticky": "always",
            ]
            let sheet = try await browse.post("/pools/a100/edit", fields).body
            #expect(sheet.contains("--sticky always"))
            _ = try await browse.apply("/pools/a100/edit", fields)
            #expect(await service.drafts.last?.sticky == .always)
        }
        var world = Demo.atlas
        world.pools[0].sticky = .always
        try await Browse.over(DemoService(world)) { browse in
            for path in ["/pools", "/pools/a100"] {
                let page = try await browse.get(path).body
                #expect(page.contains(" · a VM gets again the same device, or the VM is not started"), "\(path)")
            }
        }
    }

    @Test(.requirements("VX9")) func `a pool of USB devices says when guests may reset them, another does not`()
        async throws
    {
        let service = DemoService(.usb)
        try await Browse.over(service) { browse in
            let pools = try await service.pools()
            let (usb, pci) = (pools.first { $0.kind == .usb }, pools.first { $0.kind == .pci })
            let before = try await browse.get("/pools/\(try #require(usb).name)").body
            #expect(
                before.contains(
                    "<option value=\"uninitialized\" selected>passed on once the guest has set the device up</option>"))
            #expect(!(try await browse.get("/pools/\(try #require(pci).name)").body.contains("name=\"guestReset\"")))
            let fields: KeyValuePairs = [
                "revision": "\(try #require(usb).revision)", "description": "", "class": "usb",
                "preparation": "on-demand", "sticky": "storage", "guestReset": "off",
            ]
            let sheet = try await browse.post("/pools/\(try #require(usb).name)/edit", fields).body
            #expect(sheet.contains("--guest-reset off"))
            _ = try await browse.apply("/pools/\(try #require(usb).name)/edit", fields)
            #expect(await service.drafts.last?.guestReset == .off)
            #expect(try await browse.get("/pools/new").body.contains("data-shown-when=\"kind=usb\""))
        }
    }

    @Test func `what a rule or a deletion does to a pool stands where it is confirmed`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let fields: KeyValuePairs = [
                "revision": "12", "rule": "ada", "enabled": "yes", "field": "id", "comparison": "=",
                "value": "10de:27b2",
            ]
            let sheet = try await browse.post("/pools/a100/rules", fields).body
            #expect(sheet.contains("<b>1 device enters a100</b>") && sheet.contains("href=\"/devices/atlas/c1:00.0\""))
            #expect(sheet.contains(">Save rule</button>"))
            #expect(sheet.contains("<code>patchbay pool rule add a100 &#39;name=ada id=10de:27b2&#39;</code>"))
            let toggled = try await browse.post("/pools/a100/rules/every-a100/toggle", ["revision": "12"]).body
            #expect(toggled.contains("<b>1 device leaves a100</b>"))
            let deleted = try await browse.post("/pools/a100/delete", [:]).body
            #expect(deleted.contains("Its 3 rules are deleted with it: atlas-41-00-0, every-a100, old-cards."))
            #expect(deleted.contains("<b>2 devices leave a100</b>"))
            #expect(deleted.contains("class=\"button danger\" data-apply") && deleted.contains(">Delete pool</button>"))
        }
    }
}
