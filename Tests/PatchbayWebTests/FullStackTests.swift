import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

@testable import PatchbayWeb

/// The pages over the real control plane and its access rules; an agent has reported one host.
@Suite struct `On the real server` {
    private static let token = String(repeating: "s", count: 64)

    private static let inventory: Inventory = {
        func function(_ address: String, _ name: String, group: Int, driver: String?) throws -> PCIFunction {
            PCIFunction(
                address: try PCIAddress(address), id: PCIID(vendor: 0x10de, device: 0x20b5),
                deviceClass: PCIClass(0x030200), vendorName: "NVIDIA Corporation", deviceName: name,
                className: "3D controller", driver: driver, iommuGroup: IOMMUGroupID(group), numaNode: NUMANode(0),
                topologyPath: "pci0000:40/01.\(group - 15)/00.0")
        }
        let functions = [
            try! function("41:00.0", "GA100 [A100 PCIe 80GB]", group: 15, driver: "nvidia"),
            try! function("42:00.0", "GA100 [A100 PCIe 80GB]", group: 16, driver: "nvidia"),
        ]
        return Inventory(
            host: HostFacts(name: "atlas", kernel: "6.1.0", numaNodes: [NUMANode(0)]),
            readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: functions,
            groups: functions.map { IOMMUGroup(id: $0.iommuGroup!, members: [$0.address]) },
            usb: [
                USBDevice(
                    address: USBAddress(kernelName: "1-4")!, port: USBPort(controller: nil), deviceNumber: 4,
                    vendor: 0x1050, product: 0x0407, vendorName: "Yubico", productName: "YubiKey 5", serial: "0013",
                    isSerialUnique: true, speed: 120,
                    interfaces: [USBInterface(number: 0, interfaceClass: 3, driver: "usbhid")])
            ])
    }()

    private func inside(_ test: @escaping @Sendable (Browse, ControlPlane) async throws -> Void) async throws {
        let numbers = Counter()
        let control = ControlPlane(
            store: MemoryStore(), now: { Demo.now }, newID: { numbers.next() }, logger: Logger(label: "test"))
        let access = Access(token: Self.token, now: { Demo.now })
        try await control.report(
            .init(
                inventory: Self.inventory,
                domains: [
                    Domain(name: "build-3", uuid: "5b7a6f6e-0000-4000-8000-000000000003", state: .shutOff),
                    Domain(name: "desk", uuid: "5b7a6f6e-0000-4000-8000-000000000004", state: .running),
                ],
                agentVersion: "0.1.0"), host: "atlas")
        let router = PatchbayServer.router(control, access, hostNames: nil) { router in
            WebPages(service: control, forms: WebGate(access), now: { Demo.now }).add(to: router)
        }
        try await Application(router: router).test(.router) { client in
            var browse = Browse(client: client)
            let login = try await browse.post("/login", ["token": Self.token], sendsToken: false)
            let cookie = try #require(login.headers[.setCookie]?.split(separator: ";").first)
            browse.headers = [.cookie: String(cookie)]
            let page = try await browse.get("/vms")
            browse.formToken = String(
                try #require(page.body.firstMatch(of: /name="formToken" value="([^"]+)"/)).output.1)
            try await test(browse, control)
        }
    }

    @Test func `strangers see the login page, and its assets`() async throws {
        try await inside { browse, _ in
            let stranger = Browse(client: browse.client)
            let bay = try await stranger.get("/")
            #expect(bay.location == "/login")
            #expect(try await stranger.get("/login").body.contains("name=\"token\""))
            #expect(try await stranger.get("/assets/patchbay.css").status == 200)
            #expect(try await stranger.post("/login", ["token": "guess"], sendsToken: false).status == 401)
            #expect(try await stranger.get("/fragments/vms").status == 401)
        }
    }

    @Test(arguments: [
        "/", "/devices", "/devices?sort=group", "/devices?kind=usb&sort=serial",
        "/devices?kind=usb&filter=speed%3C480%20yubi",
        "/devices/atlas/41:00.0", "/devices/atlas/usb-1-4", "/hosts", "/hosts/atlas", "/vms",
        "/vms/build-3", "/pools", "/claims", "/claims/new", "/plans", "/events", "/whatif",
    ])
    func `every page stands on what the server says`(_ path: String) async throws {
        try await inside { browse, _ in
            let page = try await browse.get(path)
            #expect(page.status == 200, "\(path): \(page.body)")
        }
    }

    @Test(.requirements("P7", "P18", "P21"))
    func `from a device to a VM: pool, rule, attachment`() async throws {
        try await inside { browse, control in
            let pool = try await browse.apply(
                "/passthrough",
                [
                    "device": "atlas/0000:41:00.0", "existing": "", "pool": "gpus", "class": "gpu",
                    "preparation": "on-demand", "acknowledged": "yes",
                ])
            #expect(pool.location == "/pools/gpus")
            #expect(try await control.pool("gpus").rules.map(\.madeFrom) == ["atlas/0000:41:00.0"])
            let attached = try await browse.apply("/connect", ["what": "pool:gpus", "vm": "build-3"])
            #expect(attached.status == 303)
            #expect(try await control.vm("build-3").requests.map(\.pool) == ["gpus"])
            #expect(try await control.events(limit: 10).map(\.actor).contains("token admin"))
            let start = try await browse.apply("/vms/build-3/start", [:])
            #expect(start.location.hasPrefix("/plans/"))
            let plan = try await browse.get(start.location)
            #expect(plan.body.contains("queued"))
            #expect(plan.body.contains("→ vfio-pci"))
        }
    }

    @Test(.requirements("V37", "V41")) func `from a USB device into a running VM, by hot-plug`() async throws {
        try await inside { browse, control in
            #expect(try await browse.get("/devices?kind=usb&filter=yubi").body.contains("row-atlas-usb-1-4"))
            let pool = try await browse.apply(
                "/passthrough",
                [
                    "device": "atlas/usb-1-4", "existing": "", "pool": "keys", "class": "usb",
                    "preparation": "on-demand", "acknowledged": "yes",
                ])
            #expect(pool.location == "/pools/keys")
            let made = try await control.pool("keys")
            #expect(made.kind == .usb)
            #expect(
                made.rules.first?.conditions == [
                    API.Condition(field: "id", comparison: "=", value: "1050:0407"),
                    API.Condition(field: "serial", comparison: "=", value: "0013"),
                ])
            let page = try await browse.get(pool.location).body
            #expect(page.contains("1 of 1 free") && page.contains("href=\"/devices/atlas/usb-1-4\""))
            let sheet = try await browse.post("/vms/desk/attach", ["what": "pool:keys", "count": "1"]).body
            #expect(sheet.contains("desk is running and gets it at once (hot-plug)"))
            #expect(sheet.contains("usbhid"))
            let attached = try await browse.apply("/vms/desk/attach", ["what": "pool:keys", "count": "1"])
            #expect(attached.location.hasPrefix("/plans/"))
            #expect(try await control.device("atlas/usb-1-4").vm == "desk")
            let device = try await browse.get("/devices/atlas/usb-1-4").body
            #expect(device.contains(">VM desk</a>") && device.contains(">claim c-"))
        }
    }

    @Test func `a question about a fleet that is not there is answered by the server, and changes nothing`()
        async throws
    {
        try await inside { browse, control in
            _ = try await browse.apply(
                "/passthrough",
                [
                    "device": "atlas/0000:41:00.0", "existing": "", "pool": "gpus", "class": "gpu",
                    "preparation": "on-demand", "acknowledged": "yes",
                ])
            let now = try await browse.get("/whatif").body
            #expect(now.contains("Pool gpus: 1 of 1 devices free."))
            #expect(try await browse.get("/pools/gpus").body.contains("aria-label=\"Hosts of gpus by free devices\""))
            let drained = try await browse.get("/whatif?change=drain&what=atlas&vms=2&pool=gpus&count=1").body
            #expect(drained.contains("Host atlas is drained"))
            #expect(drained.contains("0 of 2 fit"))
            let wrong = try await browse.get("/whatif?change=host-gone&what=mars")
            #expect(wrong.status == 200 && wrong.body.contains("<code>unknown-host</code>"))
            #expect(try await control.host("atlas").settings.isCordoned == false)
        }
    }

    @Test func `from a form to a claim that is served, one that waits, and why`() async throws {
        try await inside { browse, control in
            _ = try await browse.apply(
                "/passthrough",
                [
                    "device": "atlas/0000:41:00.0", "device": "atlas/0000:42:00.0", "existing": "", "pool": "gpus",
                    "class": "gpu", "preparation": "on-demand", "acknowledged": "yes",
                ])
            let preview = try await browse.post("/claims", ["do": "preview", "pool": "gpus", "count": "2"])
            #expect(preview.body.contains("It fits: atlas would serve it."))
            let made = try await browse.apply(
                "/claims",
                [
                    "made": "c-day", "kind": "system", "owner": "slurm/1", "pool": "gpus", "count": "1",
                    "lease": "2", "leaseUnit": "hours",
                ])
            #expect(made.location == "/claims/c-day")
            let served = try await browse.get("/claims/c-day").body
            #expect(served.contains("atlas serves it with") && served.contains("href=\"/devices/atlas/4"))
            _ = try await browse.apply(
                "/claims",
                [
                    "made": "c-night", "kind": "reservation", "owner": "night", "pool": "gpus", "count": "2",
                    "waits": "yes",
                ])
            let waiting = try await browse.get("/claims/c-night").body
            #expect(waiting.contains("1st in the queue"))
            #expect(waiting.contains("Nothing fits now: the only host cannot serve it."))
            #expect(waiting.contains("href=\"/claims?filter=slurm%2F1\""))
            #expect(waiting.contains("lease ends <time"))
            // What makes it fit is tried, and its button does it.
            #expect(waiting.contains("action=\"/claims/c-day/release\""))
            _ = try await browse.apply("/claims/c-day/release", [:])
            #expect(try await control.claims(API.ClaimQuery(owner: "slurm/1")).isEmpty)
        }
    }

    @Test func `a rule of the real server is tried before it is saved`() async throws {
        try await inside { browse, control in
            _ = try await control.createPool(API.PoolDraft(name: "gpus"), dryRun: false)
            let preview = try await browse.post(
                "/pools/gpus/rules",
                ["do": "preview", "enabled": "yes", "field": "address", "comparison": "^=", "value": "0000:41"])
            #expect(preview.body.contains("1 device enters gpus"))
            let wrong = try await browse.post(
                "/pools/gpus/rules",
                ["do": "preview", "enabled": "yes", "field": "group", "comparison": "=", "value": "x"])
            #expect(wrong.status == 200)
            #expect(wrong.body.contains("&quot;x&quot; is not a valid value of group."))
            #expect(try await control.pool("gpus").rules.isEmpty)
        }
    }

    @Test func `a form from elsewhere is refused`() async throws {
        try await inside { browse, control in
            let answer = try await browse.post("/pools", ["pool": "gpus"], token: "guess")
            #expect(answer.status == 403)
            #expect(try await control.pools().isEmpty)
        }
    }

    @Test func `a browser that came by TLS sends its session by TLS only`() async throws {
        try await inside { browse, _ in
            var other = Browse(client: browse.client)
            for (origin, isSecure) in [("https://localhost", true), ("http://localhost", false)] {
                other.headers = [.origin: origin]
                let login = try await other.post("/login", ["token": Self.token], sendsToken: false)
                #expect(login.headers[.setCookie]?.contains("Secure") == isSecure)
            }
        }
    }

    @Test func `the history of a VM's claim begins with what made it, however much happened since`() async throws {
        try await inside { browse, control in
            _ = try await browse.apply(
                "/passthrough",
                [
                    "device": "atlas/usb-1-4", "existing": "", "pool": "keys", "class": "usb",
                    "preparation": "on-demand", "acknowledged": "yes",
                ])
            _ = try await browse.apply("/vms/desk/attach", ["what": "pool:keys", "count": "1"])
            for _ in 0..<260 {
                _ = try await control.editPool("keys", API.PoolDraft(description: "x"), revision: nil, dryRun: false)
                _ = try await control.editPool("keys", API.PoolDraft(description: "y"), revision: nil, dryRun: false)
            }
            let claim = try #require(try await control.claims(API.ClaimQuery()).first)
            for path in ["/claims/\(claim.id)", "/vms/desk", "/devices/atlas/usb-1-4"] {
                let page = try await browse.get(path).body
                #expect(!page.contains("No events yet."), "\(path)")
            }
            let events = try await browse.get("/events").body
            #expect(events.contains("1–250 of 5") && events.contains("href=\"/events?page=1\""))
            let last = try await browse.get("/events?page=99").body
            #expect(last.contains("501–5") && last.contains("← Newer") && !last.contains("Older →"))
        }
    }

    @Test func `a USB device that was pulled is named, and missing, wherever it is shown`() async throws {
        try await inside { browse, control in
            _ = try await browse.apply(
                "/passthrough",
                [
                    "device": "atlas/usb-1-4", "existing": "", "pool": "keys", "class": "usb",
                    "preparation": "on-demand", "acknowledged": "yes",
                ])
            _ = try await browse.apply("/vms/desk/attach", ["what": "pool:keys", "count": "1"])
            var inventory = Self.inventory
            let stick = inventory.usb.removeLast()
            try await control.report(
                .init(
                    inventory: inventory,
                    domains: [
                        Domain(name: "desk", uuid: "5b7a6f6e-0000-4000-8000-000000000004", state: .running)
                    ], agentVersion: "0.1.0"), host: "atlas")
            let device = try await browse.get("/devices/atlas/usb-1-4").body
            #expect(device.contains("\(stick.name)</h1>") && device.contains("class=\"state-missing\">missing"))
            #expect(device.contains("1050") && device.contains("USB serial 0013") && !device.contains("ffff:"))
            #expect(!device.contains("For the host:") && device.contains(">VM desk</a>"))
            for list in [
                "/devices?kind=usb", "/devices?kind=usb&filter=state%3Dmissing", "/devices?kind=usb&filter=yubi",
            ] {
                let body = try await browse.get(list).body
                #expect(body.contains("row-atlas-usb-1-4") && body.contains("state-missing"), "\(list)")
            }
            let vm = try await browse.get("/vms/desk").body
            #expect(vm.contains(stick.name) && vm.contains("<span class=\"attention\">missing</span>"))
            let host = try await browse.get("/hosts/atlas").body
            #expect(host.contains(stick.name) && host.contains("1 USB device") && host.contains("state-missing"))
            #expect(try await browse.get("/").body.contains("id=\"jack-atlas-usb-1-4\""))
        }
    }

    @Test func `logging out ends the session`() async throws {
        try await inside { browse, _ in
            let out = try await browse.post("/logout", [:])
            #expect(out.location == "/login")
            #expect(try await browse.get("/vms").location == "/login?next=%2Fvms")
            let list = try await browse.get("/devices?filter=state%3Dfree")
            #expect(list.location == "/login?next=%2Fdevices%3Ffilter%3Dstate%253Dfree")
        }
    }
}
