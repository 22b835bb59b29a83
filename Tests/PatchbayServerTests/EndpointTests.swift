import ArgumentParser
import Foundation
import Hummingbird
import PatchbayAPI
import PatchbayCLI
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import PatchbayWeb
import Testing

/// How a person reaches what an endpoint does, at a command line and in a browser.
struct Reach: Sendable {
    /// Words of the command: `vm stop`.
    var command: String?
    /// Method and path of the page or form: `POST /vms/{vm}/stop`.
    var page: String?
    /// Why one of the two is missing.
    var reason: String?

    init(_ command: String?, _ page: String?, _ reason: String? = nil) {
        self.command = command
        self.page = page
        self.reason = reason
    }
}

@Suite struct `Every endpoint` {
    private static let device = "GET /devices/{host}/{address}"
    private static let asFiles = "Policies and profiles are files: a browser has no place for them."
    private static let terminal = "The page shows what was printed; typing needs a terminal."
    private static let program = "It is for programs that are generated from it."
    private static let agent = "Only agents call it."

    private static let reach: [String: Reach] = [
        "status": Reach("status", "GET /"), "openAPI": Reach(nil, nil, program),
        "hosts": Reach("host list", "GET /hosts"), "host": Reach("host show", "GET /hosts/{host}"),
        "editHost": Reach("host set", "POST /hosts/{host}/settings"),
        "removeHost": Reach("host remove", "POST /hosts/{host}/remove"),
        "acceptHost": Reach("host accept", "POST /hosts/{host}/accept"),
        "refreshHost": Reach("host refresh", "POST /hosts/{host}/refresh"),
        "examineHost": Reach("doctor", "GET /hosts/{host}"), "survey": Reach("host show", "GET /hosts/{host}"),
        "usbDevices": Reach("usb list", "GET /hosts/{host}"), "usbDevice": Reach("usb show", device),
        "dropStored": Reach("store drop", "POST /store/drop"),
        "devices": Reach("device list", "GET /devices"), "device": Reach("device show", device),
        "deviceByShortName": Reach("device show", "GET /devices/open"),
        "prepareDevices": Reach("device prepare", "POST /devices/{host}/{address}/prepare"),
        "releaseDevices": Reach("device release", "POST /devices/{host}/{address}/release"),
        "returnDevices": Reach("device return", "POST /devices/{host}/{address}/return"),
        "makePassthrough": Reach("device passthrough", "POST /passthrough"),
        "groups": Reach("group list", "GET /hosts/{host}"), "group": Reach("group show", device),
        "pools": Reach("pool list", "GET /pools"), "createPool": Reach("pool create", "POST /pools"),
        "previewRules": Reach("pool preview", "GET /pools/{pool}/rules"),
        "pool": Reach("pool show", "GET /pools/{pool}"),
        "editPool": Reach("pool edit", "POST /pools/{pool}/edit"),
        "deletePool": Reach("pool delete", "POST /pools/{pool}/delete"),
        "applyPolicy": Reach("apply", nil, asFiles), "profiles": Reach("profile list", "GET /vms/new"),
        "profile": Reach("profile show", nil, asFiles), "deleteProfile": Reach("profile delete", nil, asFiles),
        "vms": Reach("vm list", "GET /vms"), "createVM": Reach("vm create", "POST /vms"),
        "vm": Reach("vm show", "GET /vms/{vm}"), "deleteVM": Reach("vm delete", "POST /vms/{vm}/delete"),
        "attach": Reach("attach", "POST /vms/{vm}/attach"), "detach": Reach("detach", "POST /vms/{vm}/detach"),
        "startVM": Reach("vm start", "POST /vms/{vm}/start"), "stopVM": Reach("vm stop", "POST /vms/{vm}/stop"),
        "restartVM": Reach("vm restart", "POST /vms/{vm}/restart"),
        "resetVM": Reach("vm reset", "POST /vms/{vm}/reset"),
        "confirmOff": Reach("vm confirm-off", "POST /vms/{vm}/confirm-off"),
        "explainVM": Reach("vm explain", "GET /vms/{vm}"),
        "definition": Reach("vm show", nil, "libvirt's XML is for tools."),
        "consoleLog": Reach("vm console", "GET /vms/{vm}/console"), "console": Reach("vm console", nil, terminal),
        "consoleInput": Reach("vm console", nil, terminal), "consoleClose": Reach("vm console", nil, terminal),
        "claims": Reach("claim list", "GET /claims"), "createClaim": Reach("claim create", "POST /claims"),
        "explainDraft": Reach("claim explain", "GET /claims/new"), "claim": Reach("claim show", "GET /claims/{claim}"),
        "releaseClaim": Reach("claim release", "POST /claims/{claim}/release"),
        "renewClaim": Reach("claim renew", "POST /claims/{claim}/renew"),
        "explainClaim": Reach("claim explain", "GET /claims/{claim}"), "whatIf": Reach("whatif", "GET /whatif"),
        "plans": Reach("plan list", "GET /plans"), "plan": Reach("plan show", "GET /plans/{plan}"),
        "undoPlan": Reach("plan undo", "POST /plans/{plan}/undo"),
        "cancelPlan": Reach("plan cancel", "POST /plans/{plan}/cancel"),
        "retryPlan": Reach("plan retry", "POST /plans/{plan}/retry"),
        "resolvePlan": Reach("plan resolve", "POST /plans/{plan}/resolve"), "events": Reach("events", "GET /events"),
        "agentReport": Reach(nil, nil, agent), "agentDomains": Reach(nil, nil, agent),
        "agentUnreadable": Reach(nil, nil, agent), "agentWork": Reach(nil, nil, agent),
        "agentBegin": Reach(nil, nil, agent), "agentProgress": Reach(nil, nil, agent),
        "agentAnswer": Reach(nil, nil, agent), "agentFailure": Reach(nil, nil, agent),
        "agentConsole": Reach(nil, nil, agent),
    ]

    @Test func `has a command and a page, or a reason`() async throws {
        #expect(Set(Self.reach.keys) == Set(Endpoints.all.map(\.name)))
        let pages = try await Self.pages()
        for (name, reach) in Self.reach {
            if let command = reach.command { #expect(Self.isCommand(command), "\(name): \(command)") }
            if let page = reach.page { #expect(pages.contains(page), "\(name): \(page)") }
            let isWhole = reach.command != nil && reach.page != nil
            #expect(isWhole == (reach.reason == nil), "\(name)")
        }
    }

    private static func isCommand(_ words: String) -> Bool {
        var command: any ParsableCommand.Type = PatchbayCommand.self
        for word in words.split(separator: " ") {
            let next = command.configuration.subcommands.first { $0.configuration.commandName == String(word) }
            guard let next else { return false }
            command = next
        }
        return true
    }

    private static func pages() async throws -> Set<String> {
        let control = ControlPlane.forTest(MemoryStore())
        let router = Router(context: PatchbayContext.self)
        WebPages(service: control, forms: WebGate(Access(token: "t", now: { 0 })), now: { 0 }).add(to: router)
        return Set(router.routes.map { "\($0.method) \($0.path)" })
    }

    /// Those that only doors call whose transport is no HTTP, or that the client makes of others.
    private static let notReached: Set = ["openConsole"]

    @Test func `reaches a method of the service, and none is left`() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/PatchbayAPI")
        let service = try String(contentsOf: sources.appending(path: "PatchbayService.swift"), encoding: .utf8)
        let folder = sources.appending(path: "Endpoints")
        let endpoints = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .map { try String(contentsOf: $0, encoding: .utf8) }.joined()
        let methods = Set(service.matches(of: /\n    func (\w+)\(/).map { String($0.output.1) })
        let called = Set(endpoints.matches(of: /(?:\$0|service)\.(\w+)\(/).map { String($0.output.1) })
        #expect(methods.count > 50)
        #expect(methods.subtracting(called) == Self.notReached)
    }

    @Test func `has a path and method of its own`() {
        let lines = Endpoints.all.map { "\($0.endpoint.method) \($0.endpoint.path)" }
        #expect(Set(lines).count == lines.count)
        #expect(Set(Endpoints.all.map(\.name)).count == Endpoints.all.count)
    }

    @Test func `gives an example that the server reads`() throws {
        func read<Request: WireRequest>(_ example: Request) throws {
            let bytes = try WireJSON.encode(example)
            let again = try WireJSON.encode(try StrictJSON.decode(Request.self, from: bytes))
            #expect(again == bytes)
        }
        let examples = Endpoints.all.compactMap { $0.endpoint.requestContent?.example }
        #expect(examples.count > 20)
        for example in examples { try read(example) }
    }
}
