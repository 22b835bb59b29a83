import PatchbayAPI
import PatchbayCore
import Testing

@testable import PatchbayWeb

@Suite struct `Ways out in the dashboard` {
    /// Where the forms of a page lead, below `place`.
    private static func forms(on page: Answer, _ place: String) -> Set<String> {
        let actions = page.body.matches(of: /<form[^>]* action="([^"]+)" method="post"/).map { String($0.output.1) }
        return Set(actions.filter { $0.hasPrefix(place + "/") }.map { String($0.dropFirst(place.count + 1)) })
    }

    @Test(arguments: [("p-8a10", "cancel"), ("p-8a09", "retry"), ("p-7c11", "resolve"), ("p-7f31", "undo")])
    func `of a plan are those that its phase has`(_ plan: String, _ way: String) async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            for path in ["/plans/\(plan)", "/fragments/plans/\(plan)"] {
                let page = try await browse.get(path)
                #expect(page.status == 200)
                #expect(Self.forms(on: page, "/plans/\(plan)") == [way])
            }
        }
    }

    @Test func `of a host are there once its agent is gone, or another calls itself so`() async throws {
        let other = Wire.finding("other-agent", "problem", "atlas", "Another agent calls itself atlas.")
        for (host, ways) in [
            (Wire.host("atlas"), []), (Wire.host("atlas", isConnected: false), ["remove"]),
            (Wire.host("atlas", findings: [other]), []),
            (Wire.host("atlas", findings: [other], isConnected: false), ["accept", "remove"]),
        ] {
            var world = Demo.atlas
            world.hosts = [host]
            try await Browse.over(DemoService(world)) { browse in
                let page = try await browse.get("/hosts/atlas")
                #expect(page.status == 200)
                #expect(Self.forms(on: page, "/hosts/atlas").subtracting(["refresh", "settings"]) == Set(ways))
            }
        }
    }

    @Test func `of a second risk keep the first and its reason`() async throws {
        let fields = FormFields(encoded: "pool=a&allow=boot-display&reason=no+screen")
        let next = try #require(SheetPage.Anyway(Problem(.dataAtRisk, "There is data."), action: "/x", fields: fields))
        #expect(next.risk == "data-at-risk" && next.risks == "boot-display,data-at-risk")
        #expect(next.typed == fields.without(["allow"]).fields)
        #expect(!next.asksWhy)
        let first = try #require(
            SheetPage.Anyway(Problem(.dataAtRisk, "There is data."), action: "/x", fields: fields.without(["allow"])))
        #expect(first.risks == "data-at-risk" && first.asksWhy && first.typed.map(\.name) == ["pool"])
    }

    @Test func `of a VM that may still run are in the place of its start`() async throws {
        var world = Demo.atlas
        let place = try #require(world.vms.firstIndex { $0.name == "build-3" })
        for (mayStillRun, ways) in [(false, ["start", "delete"]), (true, ["confirm-off"])] {
            world.vms[place].mayStillRun = mayStillRun
            try await Browse.over(DemoService(world)) { browse in
                let page = try await browse.get("/vms/build-3")
                #expect(page.status == 200)
                let forms = Self.forms(on: page, "/vms/build-3")
                #expect(forms.isSuperset(of: ways), "\(forms)")
                #expect(forms.contains("start") != mayStillRun && forms.contains("confirm-off") == mayStillRun)
                #expect(page.body.contains("name=\"statement\" required") == mayStillRun)
            }
        }
    }

    @Test func `of a plan are on its page`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let done = try await browse.apply("/plans/p-1/cancel", [:])
            #expect(done.status == 303)
            _ = try await browse.apply("/plans/p-1/retry", [:])
            _ = try await browse.apply("/plans/p-1/resolve", ["statement": "unbound by hand"])
            #expect(await service.done == ["cancel p-1", "retry p-1", "resolve p-1 unbound by hand"])
            #expect(try await browse.post("/plans/p-1/resolve", [:]).status == 400)
        }
    }

    @Test func `of a lost host need a reason, once the risk is shown`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let refused = try await browse.post("/hosts/atlas/remove", [:])
            #expect(refused.status == 422)
            #expect(refused.body.contains("name=\"allow\" value=\"host-lost\""))
            #expect(refused.body.contains("Accept host-lost"))
            let done = try await browse.apply("/hosts/atlas/remove", ["allow": "host-lost", "reason": "burnt down"])
            #expect(done.status == 303)
            #expect(await service.done == ["remove atlas burnt down"])
            let never = try await browse.post("/hosts/atlas/remove", ["allow": "host-critical", "reason": "x"])
            #expect(never.status == 422)
            #expect(!never.body.contains("Accept "))
        }
    }

    @Test func `of a VM that may still run is to say that it is off`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            _ = try await browse.apply("/vms/build-3/confirm-off", ["statement": "seen"])
            #expect(await service.done == ["confirm-off build-3 seen"])
        }
    }

    @Test func `of a risk that is taken for a plan are shown as they would be typed`() async throws {
        let service = DemoService(.atlas)
        try await Browse.over(service) { browse in
            let sheet = try await browse.post("/hosts/atlas/remove", ["allow": "host-lost", "reason": "burnt down"])
            #expect(sheet.status == 200)
            #expect(
                sheet.body.contains("patchbay host remove atlas --allow host-lost --reason &#39;burnt down&#39;"))
        }
    }

    @Test(arguments: [
        ("/devices/atlas/42:00.0/prepare", ""), ("/vms/build-3/start", ""), ("/vms/build-3/attach", "what=pool%3Aa100"),
    ])
    func `of a refusal that a person may override are in its sheet, without scripts, too`(
        _ path: String, _ fields: String
    ) async throws {
        let service = DemoService(.atlas)
        await service.refuse(Problem(.bootDisplay, "It shows the host's picture."))
        try await Browse.over(service) { browse in
            let refused = try await browse.post(path, encoded: fields)
            #expect(refused.status == 422)
            #expect(refused.body.contains("name=\"allow\" value=\"boot-display\""))
            #expect(refused.body.contains("Accept boot-display"))
            await service.refuse(Problem(.hostCritical, "The host's disk is on it."))
            let never = try await browse.post(path, encoded: fields)
            #expect(!never.body.contains("Accept  of"))
        }
    }

    @Test func `of a device that only a risk keeps with its host are on its page`() {
        let device = Wire.device(
            "atlas", "0000:c1:00.0", "RTX 4000 Ada", group: 31, numa: 1, driver: "nvidia", .host, pools: ["ada"])
        func page(_ code: ProblemCode) -> DevicePage {
            DevicePage(
                device, part: .init(device), vms: [], events: [], refusal: Problem(code, "No."), now: Demo.now)
        }
        #expect(page(.bootDisplay).canPrepare && page(.bootDisplay).canMakePassthrough)
        #expect(page(.bootDisplay).handover.first == "It stays with the host unless you accept the risk.")
        #expect(!page(.hostCritical).canPrepare && !page(.hostCritical).canMakePassthrough)
        let line = page(.bootDisplay).lines.first?.command
        #expect(line == "patchbay device prepare atlas/c1:00.0 --allow boot-display --reason TEXT")
        #expect(page(.hostCritical).lines.map(\.command) == ["patchbay device show atlas/c1:00.0"])
    }

    @Test func `of a disk with data on it name what is given up`() {
        let device = Wire.device(
            "worker", "0000:05:00.0", "NVMe disk", group: 5, numa: 0, driver: "nvme", .blocked, "Data at risk.")
        let page = DevicePage(
            device, part: .init(device), vms: [], events: [], refusal: Problem(.dataAtRisk, "No."), now: Demo.now)
        let command =
            "patchbay device passthrough worker/05:00.0 --pool POOL --create --allow data-at-risk --reason TEXT"
        #expect(page.lines.map(\.command) == [command])
    }

    @Test func `of a device that does not answer are on its page, each once`() {
        var device = Wire.device(
            "atlas", "0000:c1:00.0", "RTX 4000 Ada", group: 31, numa: 1, driver: "nvidia", .quarantined)
        device.waysOut = ["Switch its slot off and on.", "Power the host off."]
        let refusal = Problem(.deviceSilent, "No.", next: ["Power the host off.", "Pick another."])
        let page = DevicePage(
            device, part: .init(device), vms: [], events: [], refusal: refusal, now: Demo.now)
        #expect(page.isSilent && page.waysOut == device.waysOut)
        #expect(page.handover.dropFirst() == ["Pick another."])
        #expect(!page.canReturn)
        device.waysOut = nil
        let answering = DevicePage(
            device, part: .init(device), vms: [], events: [], refusal: refusal, now: Demo.now)
        #expect(!answering.isSilent)
    }

    @Test func `of a value that cannot be read are a page, which the Bay leads to`() async throws {
        var world = Demo.atlas
        let unreadable = Wire.finding(
            "unreadable-value", "problem", "store claims/c-9", "The value cannot be read. The devices stay held.",
            ["See what would be lost, then drop it:  patchbay store drop claims/c-9 --dry-run"])
        let reported = Wire.finding(
            "unreadable-value", "problem", "store domains/atlas", "The value cannot be believed.",
            ["Have the host report again:  patchbay host refresh atlas"])
        world.findings = [unreadable, reported].map { Wire.value(API.Finding.self, $0) }
        let service = DemoService(world)
        try await Browse.over(service) { browse in
            #expect(try await browse.get("/").body.contains("<a href=\"/store\">Resolve it</a>"))
            let page = try await browse.get("/store")
            #expect(page.status == 200)
            #expect(page.body.contains("<code>claims/c-9</code>") && page.body.contains("<code>domains/atlas</code>"))
            #expect(page.body.contains("name=\"key\" value=\"claims/c-9\""))
            #expect(!page.body.contains("name=\"key\" value=\"domains/atlas\""))
            let sheet = try await browse.post("/store/drop", ["key": "claims/c-9"])
            #expect(sheet.body.contains("patchbay store drop claims/c-9"))
            #expect(await service.done.isEmpty)
            let done = try await browse.apply("/store/drop", ["key": "claims/c-9"])
            #expect(done.status == 303)
            #expect(await service.done == ["drop claims/c-9"])
        }
    }

    @Test(arguments: [
        (
            "/vms",
            "vm=build-4&host=atlas&vcpus=4&memoryMiB=512&disk=%2Fimages%2Fb.qcow2",
            "patchbay vm create build-4 --host atlas --cpus 4 --memory 512M --disk /images/b.qcow2"
        ),
        (
            "/claims", "claim=job-18&kind=system&owner=slurm&pool=a100&count=2&waits=yes",
            "patchbay claim create --system slurm --request a100:2,name=a100-1 --id job-18 --wait"
        ),
        ("/vms/router/stop", "timeoutSeconds=30", "patchbay vm stop router --grace 30s"),
        ("/pools/a100/rules/every-a100/toggle", "revision=12", "patchbay pool rule disable a100 every-a100"),
        ("/pools/a100/rules/old-cards/toggle", "revision=12", "patchbay pool rule enable a100 old-cards"),
        ("/pools/a100/rules/old-cards/delete", "revision=12", "patchbay pool rule remove a100 old-cards"),
    ])
    func `of a form are a line for a shell, too`(_ path: String, _ fields: String, _ line: String) async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let sheet = try await browse.post(path, encoded: fields)
            #expect(sheet.body.contains("data-apply"), "\(sheet.body)")
            #expect(sheet.body.contains("Same from a shell: <code>\(line)"))
        }
    }
}
