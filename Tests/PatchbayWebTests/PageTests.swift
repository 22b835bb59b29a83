import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import PatchbayAPI
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayWeb

@Suite struct `Pages` {
    static let paths = [
        "/", "/devices", "/devices?sort=group", "/devices?sort=-for&filter=state%3Dfree", "/passthrough", "/hosts",
        "/vms",
        "/vms/new", "/pools", "/pools/new", "/claims", "/claims?phase=pending&filter=speech", "/claims/new",
        "/claims/new?pool=a100&count=2&owner=night", "/whatif", "/whatif?show=a100",
        "/whatif?change=drain&what=atlas&vms=20&vcpus=8&pool=a100&count=2", "/plans", "/store", "/events",
        "/events?filter=plan",
        "/keys",
    ]
    static let atlasPaths = [
        "/?host=atlas", "/devices/atlas/41:00.0", "/devices/atlas/42:00.0", "/devices/atlas/00:17.0",
        "/passthrough?device=atlas/0000:42:00.0", "/hosts/atlas", "/vms/trainer-01", "/vms/build-3",
        "/vms/router/console", "/pools/a100", "/pools/a100/rules", "/pools/a100/rules/every-a100", "/claims/c-1",
        "/claims/job-17", "/claims/night",
        "/plans/p-8a10",
        "/plans/p-8a09", "/plans/p-7f31", "/plans/p-7c11",
    ]

    @Test(arguments: paths + atlasPaths) func `every page renders, and the same as a fragment`(_ path: String)
        async throws
    {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get(path)
            #expect(page.status == 200)
            #expect(page.body.contains("<!doctype html>"))
            let fragment = try await browse.get(
                path.hasPrefix("/?")
                    ? "/fragments" + path.dropFirst() : path == "/" ? "/fragments" : "/fragments" + path)
            #expect(fragment.status == 200)
            #expect(!fragment.body.contains("<html"))
            #expect(page.body.contains(fragment.body), "the fragment is a part of the page as it is")
        }
    }

    @Test(arguments: paths) func `every page teaches when there is nothing yet`(_ path: String) async throws {
        try await Browse.over(DemoService(.empty)) { browse in
            let page = try await browse.get(path)
            #expect(page.status == 200)
            if ["/", "/devices", "/hosts", "/vms", "/pools", "/claims", "/plans", "/events"].contains(path) {
                #expect(page.body.contains("class=\"empty\""))
            }
        }
    }

    @Test(arguments: paths + atlasPaths) func `no page has inline scripts or styles`(_ path: String) async throws {
        for world in [Demo.atlas, .fleet(hosts: 8, devices: 30)] {
            try await Browse.over(DemoService(world)) { browse in
                let page = try await browse.get(path)
                #expect(page.body.firstMatch(of: /<style|\sstyle=|\son[a-z]+=|javascript:/) == nil)
                for script in page.body.matches(of: /<script[^>]*>/) {
                    #expect(script.output.contains("src=\"/assets/"))
                }
                #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'self'") == true)
                #expect(page.headers[.xContentTypeOptions] == "nosniff")
            }
        }
    }

    @Test(arguments: paths + atlasPaths) func `ids are unique and labels belong to fields`(_ path: String) async throws
    {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get(path)
            let ids = page.body.matches(of: /\sid="([^"]*)"/).map { String($0.output.1) }
            #expect(Set(ids).count == ids.count, "an id occurs twice in \(path): \(ids.sorted())")
            for label in page.body.matches(of: /<label[^>]* for="([^"]*)"/) {
                #expect(ids.contains(String(label.output.1)), "\(path): label for \(label.output.1)")
            }
            #expect(page.body.matches(of: /<h1/).count == 1)
        }
    }

    @Test(arguments: paths + atlasPaths) func `every form that changes something carries the token`(_ path: String)
        async throws
    {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get(path)
            for form in page.body.matches(of: /(?s)<form[^>]*method="post".*?<\/form>/) {
                #expect(
                    form.output.contains("name=\"formToken\" value=\"\(DemoGuard.token)\""), "\(path): \(form.output)")
            }
        }
    }

    @Test(arguments: [
        "/", "/devices", "/hosts/atlas", "/vms", "/pools", "/claims", "/events", "/devices/atlas/41:00.0",
        "/whatif?change=drain&what=atlas",
    ])
    func `hostile names stay text`(_ path: String) async throws {
        try await Browse.over(DemoService(.hostile)) { browse in
            let page = try await browse.get(path)
            #expect(page.status == 200)
            #expect(!page.body.contains("<script>alert"))
            #expect(page.body.contains("&lt;script&gt;") || path == "/events" || path == "/hosts/atlas")
            #expect(page.body.firstMatch(of: /\u{301} onmouseover="/) == nil)
            #expect(!page.body.contains("& {{"))
        }
    }

    @Test(arguments: [
        "/hosts/nowhere", "/devices/atlas/ff:00.0", "/vms/nobody", "/pools/none", "/claims/none", "/plans/p-0",
        "/nothing/here",
        "/?host=nowhere", "/vms/nobody/console",
    ])
    func `what is not there says so, with a next step`(_ path: String) async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get(path)
            #expect(page.status == 404)
            #expect(page.body.contains("<dt>next</dt>"))
            #expect(page.body.contains("<dt>code</dt>"))
        }
    }

    @Test func `the API's unknown routes are left to the API`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let answer = try await browse.get("/v1/nothing")
            #expect(answer.status == 404)
            #expect(!answer.body.contains("<html"))
        }
    }

    @Test(.requirements("V24", "V25", "V26"))
    func `the device list has every device, shows its group and sorts by it`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let bay = try await browse.get("/")
            #expect(bay.body.contains("href=\"/devices\""))
            let list = try await browse.get("/devices")
            for device in Demo.atlas.devices { #expect(list.body.contains("id=\"row-\(device.elementID)\"")) }
            #expect(list.body.contains("href=\"/devices?sort=group\""))
            let sorted = try await browse.get("/devices?sort=group")
            let groups = sorted.body.matches(of: /<td class="col-group">([^<]*)</).map { Int($0.output.1) ?? .max }
            #expect(groups == groups.sorted())
            #expect(sorted.body.contains("aria-sort=\"ascending\""))
            #expect(sorted.body.contains("href=\"/devices?sort=-group\""))
        }
    }

    @Test func `every column sorts`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let list = try await browse.get("/devices")
            for column in DeviceKind.pci.columns { #expect(list.body.contains("/devices?sort=\(column.id)\"")) }
            let byUse = try await browse.get("/devices?sort=for")
            let uses = byUse.body.matches(of: /<td class="col-for"[^>]*>(?:<a[^>]*>)?([^<]*)/).map {
                $0.output.1.lowercased()
            }
            #expect(uses == uses.sorted())
        }
    }

    @Test func `a filter that does not parse is shown with what was typed`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let page = try await browse.get("/devices?filter=state%3C3")
            #expect(page.status == 400)
            #expect(page.body.contains("value=\"state&lt;3\""))
            #expect(page.body.contains("is no condition"))
        }
    }

    @Test func `a long list is paged`() async throws {
        try await Browse.over(DemoService(.fleet(hosts: 3, devices: 200))) { browse in
            let first = try await browse.get("/devices")
            #expect(first.body.contains("1–250 of 600 devices"))
            #expect(first.body.contains("name=\"page\" value=\"1\""))
            let last = try await browse.get("/devices?page=2")
            #expect(last.body.contains("501–600 of 600 devices"))
        }
    }

    @Test(arguments: ["/", "/devices", "/devices?kind=usb", "/login", "/assets/patchbay.css", "/nothing/here"])
    func `a page can be asked for without its body`(_ path: String) async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let whole = try await browse.get(path)
            let head = try await browse.head(path)
            #expect(head.status == whole.status && head.body.isEmpty)
            #expect(head.headers[.contentSecurityPolicy] != nil)
        }
    }

    @Test func `a redirect says to the browser what a page does`() async throws {
        try await Browse.over(DemoService(.atlas), asksForToken: true) { browse in
            let answer = try await browse.get("/vms")
            #expect(answer.location == "/login?next=%2Fvms")
            #expect(answer.headers[.contentSecurityPolicy] != nil && answer.headers[.xContentTypeOptions] == "nosniff")
        }
    }

    @Test func `a link that is in nothing else to click on`() async throws {
        for (world, path) in [(Demo.large, "/"), (.large, "/hosts/colossus"), (.fleet(hosts: 1, devices: 30), "/")] {
            try await Browse.over(DemoService(world)) { browse in
                let folds = try await browse.get(path).body.matches(of: /(?s)<summary.*?<\/summary>/)
                #expect(!folds.isEmpty)
                for fold in folds { #expect(!fold.output.contains("<a "), "\(fold.output)") }
            }
        }
    }

    @Test func `the first page of a host with 32 devices is small`() async throws {
        try await Browse.over(DemoService(.fleet(hosts: 1, devices: 32))) { browse in
            let packed: HTTPFields = [.acceptEncoding: "gzip, deflate, br"]
            var bytes = try await browse.get("/", packed).size
            // Those of a host's page, of lists, and of what is typed or explained, are fetched there.
            let elsewhere = ["host.css", "host.js", "list.css", "list.js", "placement.css", "preview.js"]
            for asset in WebAsset.all where !elsewhere.contains(asset.name) {
                bytes += try await browse.get("/assets/\(asset.name)", packed).size
            }
            #expect(bytes < 30_000, "the first page is \(bytes) bytes")
        }
    }

    @Test(arguments: [
        ("gzip", true), ("gzip, deflate, br", true), ("br, GZIP;q=0.5", true), ("*", true), ("*;q=0", false),
        ("gzip;q=0", false), ("gzip; q=0.000, *", false), ("gzip;q=0.001", true), ("deflate", false), ("", false),
    ])
    func `packed is what a browser takes packed`(_ accepted: String, _ isPacked: Bool) async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            for path in ["/devices", "/fragments/devices", "/assets/patchbay.css"] {
                let answer = try await browse.get(path, [.acceptEncoding: accepted])
                #expect((answer.headers[.contentEncoding] == "gzip") == isPacked)
                #expect(answer.headers[.vary] == "Accept-Encoding")
                #expect(answer.headers[.contentLength] == String(answer.size))
            }
        }
    }

    @Test(arguments: ["/devices", "/assets/patchbay.css"]) func `packed it is the same`(_ path: String) async throws {
        try await DemoApp.app(DemoService(.atlas)).test(.router) { client in
            let plain = try await client.execute(uri: path, method: .get) { Data($0.body.readableBytesView) }
            let packed = try await client.execute(uri: path, method: .get, headers: [.acceptEncoding: "gzip"]) {
                Data($0.body.readableBytesView)
            }
            #expect(packed.count < plain.count / 2)
            #expect(try Self.unpacked(packed) == plain)
        }
    }

    private static func unpacked(_ bytes: Data) throws -> Data {
        let (gzip, input, output) = (Process(), Pipe(), Pipe())
        gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-dc"]
        (gzip.standardInput, gzip.standardOutput) = (input, output)
        try gzip.run()
        try input.fileHandleForWriting.write(contentsOf: bytes)
        try input.fileHandleForWriting.close()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        gzip.waitUntilExit()
        return text
    }

    @Test func `assets are sent once`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let first = try await browse.get("/assets/patchbay.css")
            #expect(first.status == 200)
            let tag = try #require(first.headers[.eTag])
            let again = try await browse.get("/assets/patchbay.css", [.ifNoneMatch: tag])
            #expect(again.status == 304)
            #expect(again.body.isEmpty)
            let packed = try await browse.get("/assets/patchbay.css", [.ifNoneMatch: tag, .acceptEncoding: "gzip"])
            #expect(packed.status == 200 && packed.headers[.eTag] != tag, "it is another form of the file")
            #expect(try await browse.get("/assets/Package.swift").status == 404)
        }
    }

    @Test func `the host's page explains evidence, groups and topology`() async throws {
        try await Browse.over(DemoService(.atlas)) { browse in
            let device = try await browse.get("/devices/atlas/00:17.0")
            for link in ["<code>/</code>", "<code>dm-0</code>", "<code>sda3</code>", "<code>0000:00:17.0</code>"] {
                #expect(device.body.contains(link))
            }
            let host = try await browse.get("/hosts/atlas")
            #expect(host.body.contains("2 lent together"))
            #expect(host.body.contains("CPUs 0-31 · socket 0 · 256 GiB, 64 GiB free"))
            #expect(host.body.contains("nvidia-474 · NVIDIA A100-10C · 4 more"))
            #expect(host.body.contains("SanDisk Ultra"))
            #expect(host.body.contains("update-grub &amp;&amp; reboot</pre>"))
            #expect(host.body.contains("1 check passed"))
        }
    }
}
