import PatchbayAPI
import PatchbayCore
import PatchbayTesting
import PatchbayText
import Testing

@testable import PatchbayWeb

@Suite struct `USB in the dashboard` {
    private static let paths = [
        "/devices?kind=usb", "/devices/atlas/usb-1-3", "/devices/atlas/usb-1-5.2", "/devices/atlas/usb-1-6",
        "/devices/atlas/00:14.0", "/pools/sticks", "/pools/sticks/rules/sandisk", "/pools/new?kind=usb", "/vms/router",
        "/hosts/atlas", "/passthrough?device=atlas/usb-1-5.2",
    ]

    @Test(arguments: paths) func `every page renders, keeps its ids apart and is the same as a fragment`(_ path: String)
        async throws
    {
        try await Browse.over(DemoService(.usb)) { browse in
            let page = try await browse.get(path)
            #expect(page.status == 200)
            #expect(page.body.contains(try await browse.get("/fragments" + path).body))
            let ids = page.body.matches(of: /\sid="([^"]*)"/).map { String($0.output.1) }
            #expect(Set(ids).count == ids.count, "an id occurs twice in \(path): \(ids.sorted())")
            for label in page.body.matches(of: /<label[^>]* for="([^"]*)"/) {
                #expect(ids.contains(String(label.output.1)), "\(path): label for \(label.output.1)")
            }
            #expect(page.body.firstMatch(of: /<style|\sstyle=|\son[a-z]+=|javascript:/) == nil)
        }
    }

    @Test(.requirements("VX10")) func `the list has what is plugged in, with its own columns, beside the functions`()
        async throws
    {
        try await Browse.over(DemoService(.usb)) { browse in
            let list = try await browse.get("/devices?kind=usb").body
            for column in DeviceKind.usb.columns {
                #expect(list.contains("href=\"/devices?kind=usb&amp;sort=\(column.id)\""))
            }
            #expect(list.firstMatch(of: /<a href="\/devices\/atlas\/usb-1-5.2"\s+class="address">/) != nil)
            for text in [
                "Yubico", "YubiKey 5 NFC", ">0013<", "human interface", "12 Mbit/s", "usbhid",
                "href=\"/devices/atlas/00:14.0\"",
                "href=\"/pools/sticks\"", "href=\"/vms/router\"", "The host has it mounted at /mnt.", "4 devices",
            ] { #expect(list.contains(text), "\(text)") }
            #expect(list.contains("not unique"), "two sticks have the same serial number")
            #expect(!list.contains("row-atlas-42-00-0"))
            let functions = try await browse.get("/devices").body
            #expect(!functions.contains("row-atlas-usb-1-4"))
            #expect(functions.contains("<a href=\"/devices?kind=usb\">USB <span class=\"quiet\">4</span></a>"))
        }
    }

    @Test func `every column of the list sorts, both ways`() async throws {
        try await Browse.over(DemoService(.usb)) { browse in
            for column in DeviceKind.usb.columns where column.key != nil {
                func rows(_ sort: String) async throws -> [String] {
                    try await browse.get("/devices?kind=usb&sort=\(sort)").body
                        .matches(of: /<tr id="row-atlas-([^"]*)"/).map { String($0.output.1) }
                }
                let up = try await rows(column.id)
                #expect(up.count == 4)
                #expect(try await rows("-\(column.id)") == up.reversed())
            }
            let speeds = try await browse.get("/devices?kind=usb&sort=speed").body
            let cells = speeds.matches(of: /<td class="col-speed">([^<]*)</).map { String($0.output.1) }
            #expect(cells == ["12 Mbit/s", "480 Mbit/s", "480 Mbit/s", "480 Mbit/s"])
        }
    }

    @Test func `the switch between kinds keeps of the question what makes sense there`() async throws {
        try await Browse.over(DemoService(.usb)) { browse in
            let list = try await browse.get("/devices?filter=state%3Dfree%20group%3D16%20NVIDIA&sort=state").body
            #expect(list.contains("href=\"/devices?kind=usb&amp;filter=state%3Dfree%20NVIDIA&amp;sort=state\""))
            let grouped = try await browse.get("/devices?sort=group").body
            #expect(grouped.contains("<a href=\"/devices?kind=usb\">"))
            let unknown = try await browse.get("/devices?kind=floppy")
            #expect(unknown.status == 400)
            #expect(unknown.body.contains("The kind of device &quot;floppy&quot; is not one of the choices."))
        }
    }

    @Test(arguments: [
        ("/devices?filter=nvidia%20rtx", ["c1-00-0", "c1-00-1"]), ("/devices?filter=TRAINER", ["41-00-0"]),
        ("/devices?filter=%22a100%20pcie%22%20state%3Dfree", ["42-00-0"]), ("/devices?filter=144d%3Aa80a", ["d1-00-0"]),
        ("/devices?kind=usb&filter=yubi%200013", ["usb-1-5-2"]), ("/devices?kind=usb&filter=usb-1-4", ["usb-1-4"]),
    ])
    func `plain words find devices by whatever is known of them`(_ path: String, _ rows: [String]) async throws {
        try await Browse.over(DemoService(.usb)) { browse in
            let page = try await browse.get(path)
            #expect(page.status == 200)
            #expect(
                page.body.matches(of: /<tr id="row-atlas-([^"]*)"/).map { String($0.output.1) }.sorted()
                    == rows.sorted())
        }
    }

    @Test func `what is found in the other kind is said`() async throws {
        try await Browse.over(DemoService(.usb)) { browse in
            let page = try await browse.get("/devices?filter=nfc").body
            #expect(page.contains("Nothing matches"))
            #expect(page.contains("<a href=\"/devices?kind=usb&amp;filter=nfc\">1 USB device</a>"))
        }
    }

    @Test func `a search is read as conditions and words`() {
        let search = DeviceSearch("  A100 numa<1 \"two words\" name=\"x y\" 10de:20b5 usb-1-4")
        #expect(search.words == ["a100", "two words", "10de:20b5", "usb-1-4"])
        #expect(search.conditions == "       numa<1             name=\"x y\"                  ")
        #expect(search.hasConditions && !DeviceSearch("A100").hasConditions)
        #expect(search.kept(for: .usb) == "A100 \"two words\" name=\"x y\" 10de:20b5 usb-1-4")
        #expect(DeviceSearch("'never closed").words == ["never closed"])
        #expect(DeviceSearch("").words.isEmpty)
    }

    @Test func `what is ticked stays ticked in another list, without scripts`() async throws {
        try await Browse.over(DemoService(.usb)) { browse in
            let path = "/devices?kind=usb&filter=usb-storage&device=atlas%2Fusb-1-4&device=atlas%2Fusb-1-5.2"
            let list = try await browse.get(path).body
            let row = try #require(list.firstMatch(of: /(?s)<tr id="row-atlas-usb-1-4".*?<\/tr>/)).output
            #expect(row.contains("checked"))
            #expect(list.contains("name=\"device\" value=\"atlas/usb-1-5.2\" checked> atlas/usb-1-5.2</label>"))
            #expect(list.contains("<button class=\"button\" formaction=\"/passthrough\">Make Passthrough…</button>"))
            #expect(list.contains("sort=serial&amp;device=atlas%2Fusb-1-4&amp;device=atlas%2Fusb-1-5.2"))
            let form = try await browse.get("/passthrough?kind=usb&filter=sandisk&device=atlas%2Fusb-1-4").body
            #expect(form.contains("href=\"/devices?kind=usb&amp;device=atlas%2Fusb-1-4\">Cancel"))
        }
    }

    @Test(.requirements("V37")) func `devices that are selected go into a pool of their kind, a rule each`()
        async throws
    {
        let service = DemoService(.usb)
        try await Browse.over(service) { browse in
            let form = try await browse.get("/passthrough?device=atlas/usb-1-5.2").body
            #expect(form.contains("<option value=\"sticks\">sticks · 3 devices</option>"))
            #expect(!form.contains("<option value=\"a100\""))
            #expect(form.contains("<p class=\"fixed\">USB</p>"))
            #expect(form.contains("usbhid lets go of it</td>"))
            #expect(form.contains("<option value=\"usb\" selected>usb</option>"))
            let fields: KeyValuePairs = [
                "device": "atlas/usb-1-5.2", "existing": "", "pool": "keys", "class": "usb", "preparation": "on-demand",
                "acknowledged": "yes",
            ]
            let sheet = try await browse.post("/passthrough", fields)
            let line =
                "patchbay device passthrough atlas/usb-1-5.2 --pool keys --create --class usb --prepare on-demand"
            #expect(sheet.body.contains("<code>\(line)</code>"))
            #expect(try await browse.apply("/passthrough", fields).location == "/pools/keys")
            #expect(await service.passthroughs.first?.devices == ["atlas/usb-1-5.2"])
        }
    }

    @Test func `of several devices each that is refused says why, and the others can go on`() async throws {
        try await Browse.over(DemoService(.usb)) { browse in
            let devices = ["usb-1-3", "usb-1-4", "usb-1-5.2"].map { "device=atlas%2F\($0)" }.joined(separator: "&")
            let form = try await browse.get("/passthrough?\(devices)").body
            #expect(form.matches(of: /<p class="bad">✕ [^<]*atlas\/usb-1-3/).count == 1)
            #expect(
                form.contains(
                    "href=\"/passthrough?device=atlas%2Fusb-1-4&amp;device=atlas%2Fusb-1-5.2\">Continue without it"))
            #expect(form.contains("href=\"/devices?kind=usb&amp;device=atlas%2Fusb-1-3&amp;"))
        }
    }

    @Test func `a device's page says why, then what can be done, then where it is plugged in`() async throws {
        try await Browse.over(DemoService(.usb)) { browse in
            let page = try await browse.get("/devices/atlas/usb-1-4").body
            let ids = page.matches(of: /<section id="(device-[a-z]+)"/).map { String($0.output.1) }
            #expect(ids == ["device-why", "device-actions", "device-plug", "device-facts", "device-history"])
            #expect(page.contains("The host cannot use it while a VM has it: usb-storage lets go of it."))
            #expect(
                page.contains(
                    "<li><a href=\"/devices/atlas/00:14.0\">00:14.0 Cannon Lake PCH USB 3.1 xHCI Host Controller"))
            #expect(page.contains("<li>port 4</li>"))
            #expect(page.contains("while a VM has 00:14.0, no VM can get this device"))
            #expect(page.contains("0: mass storage, usb-storage") || page.contains("usb-storage</dd>"))
            #expect(page.contains("router · running, gets it at once"))
            #expect(page.contains("<code>patchbay attach atlas/usb-1-4 --to VM</code>"))
            #expect(!page.contains("Isolation"))
            let held = try await browse.get("/devices/atlas/usb-1-6").body
            #expect(held.contains("<code>patchbay detach atlas/usb-1-6 --from router</code>"))
            #expect(held.contains("router has it until it is detached or the VM stops."))
            let used = try await browse.get("/devices/atlas/usb-1-3").body
            #expect(used.contains("<code>patchbay usb show atlas/usb-1-3</code>"))
            #expect(used.contains("<li><code>/mnt</code></li>"))
            let key = try await browse.get("/devices/atlas/usb-1-5.2").body
            #expect(key.contains("<dt>Same socket</dt><dd>usb2-port5"))
            #expect(key.contains("<li>port 5</li>\n<li>port 2</li>"))
            #expect(key.contains("<code>patchbay device passthrough atlas/usb-1-5.2 --pool POOL --create</code>"))
        }
    }

    @Test func `a controller's page has the devices that go with it`() async throws {
        try await Browse.over(DemoService(.usb)) { browse in
            let page = try await browse.get("/devices/atlas/00:14.0").body
            #expect(page.contains("<h2>USB devices of this controller</h2>"))
            for port in ["1-3", "1-4", "1-5.2", "1-6"] { #expect(page.contains("href=\"/devices/atlas/usb-\(port)\"")) }
            #expect(!(try await browse.get("/devices/atlas/42:00.0").body.contains("of this controller</h2>")))
        }
    }

    @Test func `the host's page leads to them and shows how they stand`() async throws {
        try await Browse.over(DemoService(.usb)) { browse in
            let page = try await browse.get("/hosts/atlas").body
            #expect(page.contains("href=\"/devices?kind=usb&amp;host=atlas\">USB devices"))
            let row = try #require(
                page.firstMatch(of: /(?s)<tr><td><a class="address" href="\/devices\/atlas\/usb-1-6".*?<\/tr>/))
            #expect(row.output.contains("state-attached") && row.output.contains("href=\"/vms/router\""))
        }
    }

    @Test(.requirements("V35", "VX5"))
    func `a pool has its kind, its counts, and rules of the facts that its kind has`()
        async throws
    {
        try await Browse.over(DemoService(.usb)) { browse in
            let page = try await browse.get("/pools/sticks").body
            #expect(page.contains("<span class=\"chip\">USB</span>"))
            #expect(page.contains("on their own drivers until a VM gets them"))
            #expect(page.contains("1 of 3 free"))
            #expect(page.contains("href=\"/devices?kind=usb&amp;filter=pool%3Dsticks%20state%3Dfree\""))
            #expect(page.contains("href=\"/devices/atlas/usb-1-4\""))
            let facts = try #require(page.firstMatch(of: /(?s)<select name="field".*?<\/select>/)).output
            for field in ["port", "vendor", "product", "serial", "class", "speed", "controller", "version", "driver"] {
                #expect(facts.contains("<option value=\"\(field)\""))
            }
            #expect(!facts.contains("value=\"group\"") && !facts.contains("value=\"address\""))
            let preview = try await browse.post(
                "/pools/sticks/rules",
                ["do": "preview", "rule": "", "enabled": "yes", "field": "vendor", "comparison": "=", "value": "1050"])
            #expect(preview.body.contains("1 device enters sticks"))
            #expect(try await browse.get("/pools").body.contains("<span class=\"chip\">USB</span>"))
        }
    }

    @Test func `a pool is made of a kind, with a first rule of its facts`() async throws {
        let service = DemoService(.usb)
        try await Browse.over(service) { browse in
            let form = try await browse.get("/pools/new").body
            #expect(form.contains("<select id=\"kind\" name=\"kind\">"))
            #expect(form.contains("data-shown-when=\"kind=usb\""))
            let fields: KeyValuePairs = [
                "pool": "keys", "kind": "usb", "class": "usb", "preparation": "on-demand", "pci.field": "group",
                "pci.comparison": "=", "pci.value": "16", "usb.field": "vendor", "usb.comparison": "=",
                "usb.value": "1050", "usb.field": "", "usb.comparison": "=", "usb.value": "",
            ]
            let sheet = try await browse.post("/pools", fields).body
            #expect(sheet.contains("1 device enters keys"))
            let line = "patchbay pool create keys --kind usb --class usb --prepare on-demand --rule vendor=1050"
            #expect(sheet.contains("<code>\(line)</code>"))
            #expect(sheet.contains(">Create pool</button>"))
            #expect(try await browse.apply("/pools", fields).location == "/pools/keys")
            let draft = try #require(await service.drafts.first)
            #expect(draft.kind == .usb)
            #expect(
                draft.rules?.map(\.conditions) == [[API.Condition(field: "vendor", comparison: "=", value: "1050")]])
            let wrong = try await browse.post(
                "/pools",
                ["pool": "keys", "kind": "usb", "usb.field": "vendor", "usb.comparison": "=", "usb.value": "x"])
            #expect(wrong.status == 400 && wrong.body.contains("value=\"x\""))
        }
    }

    @Test(.requirements("V41")) func `a running VM is said to get it at once, and to lose it at once`() async throws {
        let service = DemoService(.usb)
        try await Browse.over(service) { browse in
            let page = try await browse.get("/vms/router").body
            #expect(page.contains("<optgroup label=\"USB: any of a pool\">"))
            #expect(page.contains("sticks · USB · 1 of 3 free on atlas"))
            #expect(page.contains("YubiKey 5 · atlas/usb-1-4 · serial 4C5300"))
            #expect(page.contains("router is running: USB devices are attached at once"))
            #expect(page.contains("name=\"device\" value=\"atlas/usb-1-6\""))
            let sheet = try await browse.post("/vms/router/attach", ["what": "device:atlas/usb-1-4"]).body
            #expect(sheet.contains("router is running and gets it at once (hot-plug); no restart is needed."))
            #expect(!sheet.contains("live-migrated"))
            #expect(sheet.contains("<code>patchbay attach atlas/usb-1-4 --to router</code>"))
            let off = try await browse.post("/vms/build-3/attach", ["what": "pool:sticks"]).body
            #expect(!off.contains("hot-plug"))
            let function = try await browse.post("/vms/router/attach", ["what": "pool:a100"]).body
            #expect(!function.contains("hot-plug") && function.contains("live-migrated"))
        }
    }

    @Test(arguments: [
        "/devices?kind=usb", "/devices/atlas/usb-1-4", "/devices/atlas/00:14.0", "/hosts/atlas", "/vms/router",
    ])
    func `hostile names stay text`(_ path: String) async throws {
        var world = Demo.usb
        let name = "<script>alert(1)</script>\"\u{301} onmouseover=\"x' & {{formToken}}"
        world.devices = world.devices.map { device in
            var changed = device
            if device.kind == .usb {
                (changed.name, changed.deviceName, changed.vendorName, changed.reason) = (name, name, name, name)
            }
            return changed
        }
        var survey = try #require(world.surveys["atlas"])
        survey.usb = survey.usb.map { device in
            var changed = device
            (changed.title, changed.serial, changed.companion, changed.connectType) = (name, name, name, name)
            return changed
        }
        world.surveys["atlas"] = survey
        try await Browse.over(DemoService(world)) { browse in
            let page = try await browse.get(path)
            #expect(page.status == 200)
            #expect(!page.body.contains("<script>alert"))
            #expect(page.body.contains("&lt;script&gt;"))
            #expect(page.body.firstMatch(of: /\u{301} onmouseover="/) == nil)
            #expect(!page.body.contains("& {{"))
        }
    }

    @Test func `the Bay draws them beside the functions, and counts both`() async throws {
        try await Browse.over(DemoService(.usb)) { browse in
            let bay = try await browse.get("/").body
            #expect(bay.contains("data-device=\"atlas/usb-1-6\"") && bay.contains("id=\"lane-atlas-usb\""))
            #expect(bay.contains("<b>11 PCI devices</b>") && bay.contains("<b>4 USB devices</b>"))
            for device in Demo.usb.devices where device.kind == .usb && !device.isBridge {
                #expect(bay.contains("id=\"jack-\(device.elementID)\""))
            }
            let hosts = try await browse.get("/hosts").body
            #expect(
                hosts.contains("<b>4 USB devices</b>") && hosts.contains("kind=usb&amp;filter=host%3Datlas%20state"))
        }
    }

    @Test func `every kind has its own of everything`() {
        for kind in DeviceKind.allCases {
            #expect(!kind.label.isEmpty && kind.columns.contains { $0.id == "state" } && !kind.searchExample.isEmpty)
            #expect(Set(kind.columns.map(\.id)).count == kind.columns.count)
            #expect(kind.showing("atlas/x").words.first != nil)
        }
        #expect(Set(DeviceKind.allCases.map(\.label)).count == DeviceKind.allCases.count)
    }
}
