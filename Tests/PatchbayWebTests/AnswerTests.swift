import PatchbayAPI
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayWeb

/// What a page says of a thing is what happens when one acts on it.
@Suite struct `One answer` {
    @Test(arguments: ["00:17.0", "00:14.0", "b1:00.0"])
    func `a device that is refused is not offered, and is told what stands in the way`(_ address: String) async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get("/devices/atlas/\(address)")
            #expect(page.status == 200)
            #expect(!page.body.contains("lets go of it"))
            #expect(!page.body.contains("patchbay attach"))
            #expect(!page.body.contains("href=\"/passthrough?device"))
        }
    }

    @Test func `a device in a VM can be detached, and nothing else is offered`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get("/devices/atlas/41:00.0")
            #expect(page.body.contains("patchbay detach atlas/41:00.0 --from trainer-01"))
            #expect(page.body.contains("Detach…"))
            #expect(!page.body.contains("patchbay attach"))
            #expect(!page.body.contains("href=\"/passthrough?device"))
        }
    }

    @Test func `a group with a device that the host needs is not called isolated and left at that`() throws {
        var group = Wire.value(
            API.Group.self,
            [
                "host": "atlas", "number": 1, "domainType": "DMA-FQ", "members": [Any](),
                "isolation": ["verdict": "isolated", "reasons": [String](), "causes": [String]()],
            ])
        group.members = Demo.atlas.devices.filter { $0.iommuGroup == 1 }
        let row = GroupRow(group)
        #expect(row.isolationCSS != "good")
        #expect(row.isolation.contains("00:17.0"))
        group.members = Demo.atlas.devices.filter { $0.iommuGroup == 16 }
        #expect(GroupRow(group).isolationCSS == "good")
    }

    @Test func `a group with a part of the chipset that is parked is isolated`() {
        var group = Wire.value(
            API.Group.self,
            [
                "host": "atlas", "number": 44, "domainType": "DMA-FQ", "members": [Any](),
                "isolation": ["verdict": "isolated", "reasons": [String](), "causes": [String]()],
            ])
        var card = Wire.device("atlas", "0000:41:00.0", "A100", group: 44, numa: 0, driver: nil, .free)
        card.parked = ["0000:40:03.0"]
        let dummy = Wire.device("atlas", "0000:40:03.0", "Dummy Bridge", group: 44, numa: 0, driver: nil, .host)
        group.members = [dummy, card]
        #expect(GroupRow(group).isolation == "isolated; 40:03.0 is parked (never given to a guest)")
        #expect(GroupRow(group).isolationCSS == "good" && GroupRow(group).verdict == "alone")
        let disk = Wire.device("atlas", "0000:42:00.0", "Disk", group: 44, numa: 0, driver: "nvme", .host)
        group.members = [dummy, card, disk]
        #expect(
            GroupRow(group).isolation
                == "isolated from others, but 42:00.0 in it stays with the host; 40:03.0 is parked (never given to a "
                + "guest)")
        #expect(GroupRow(group).isolationCSS == "attention")
    }

    @Test func `the same from a shell is the whole form`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let passthrough = try await browse.post(
                "/passthrough",
                [
                    "device": "atlas/0000:42:00.0", "existing": "", "pool": "cards", "description": "for training",
                    "class": "gpu", "preparation": "eager", "acknowledged": "yes",
                ])
            let pool = try await browse.post(
                "/pools", ["pool": "cards", "description": "two words", "class": "gpu", "preparation": "eager"])
            let attach = try await browse.post(
                "/vms/build-3/attach", ["what": "pool:a100", "count": "2", "name": "cards"])
            for option in ["--create", "--class gpu", "--prepare eager", "--description"] {
                #expect(passthrough.body.contains(option), "passthrough \(option)")
            }
            for option in ["--class gpu", "--prepare eager", "--description"] {
                #expect(pool.body.contains(option), "pool create \(option)")
            }
            #expect(attach.body.contains("--name cards"))
        }
    }

    @Test func `a cable that is pulled takes its own device, and no other of its request`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            _ = try await browse.apply("/disconnect", ["vm": "router", "device": "atlas/0000:b1:01.0"])
            let done = await service.done
            #expect(done == ["detach atlas/0000:b1:01.0 router"])
        }
    }

    @Test func `a host whose agent is away is not simply ready`() async throws {
        var world = Demo.atlas
        world.hosts[0].agent.isConnected = false
        try await Browse.over(DemoService(world)) { browse in
            for path in ["/hosts/atlas", "/hosts", "/"] {
                let page = try await browse.get(path)
                #expect(!page.body.contains("ready ✓"), "\(path)")
                #expect(page.body.contains("offline"), "\(path)")
            }
        }
    }

    @Test func `a sheet that says that a device disappears does not say that nothing changes`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let sheet = try await browse.post(
                "/passthrough", ["device": "atlas/0000:42:00.0", "existing": "a100", "acknowledged": "yes"])
            #expect(sheet.body.contains("42:00.0 disappears from the host"))
            #expect(!sheet.body.contains("This changes nothing on a host."))
        }
    }

    @Test func `stopping and ending a VM at once are two sheets, and what is lost is not called undoable`()
        async throws
    {
        try await Browse.over(DemoService(.atlas)) { browse in
            let stop = try await browse.post("/vms/trainer-01/stop", [:])
            #expect(stop.body.contains("<h1 id=\"sheet-title\">Stop trainer-01</h1>"))
            let end = try await browse.post("/vms/trainer-01/stop", ["force": "yes"])
            #expect(end.body.contains("<h1 id=\"sheet-title\">Power off trainer-01 now</h1>"))
            #expect(!end.body.contains("can be undone"))
        }
    }

    @Test func `a plan that was rolled back says why once, and leads to its VM`() async throws {
        var world = Demo.atlas
        let number = try #require(world.plans.firstIndex { $0.phase == "rolled-back" })
        world.plans[number].steps[2].problem = world.plans[number].problem
        world.plans[number].vm = "cad-07"
        let id = world.plans[number].id
        try await Browse.over(DemoService(world)) { browse in
            let page = try await browse.get("/plans/\(id)")
            #expect(page.body.ranges(of: "cannot give a device access").count == 1)
            #expect(!page.body.contains("can be undone"))
            #expect(page.body.contains("href=\"/vms/cad-07\""))
        }
    }
}
