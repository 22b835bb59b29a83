import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import Testing

/// A request that must be refused, and how.
struct BadRequest: Sendable, CustomTestStringConvertible {
    var method: HTTPRequest.Method
    var path: String
    var body: String?
    var status: Int
    var code: ProblemCode
    /// Must be in the sentence.
    var mentions: String
    var testDescription: String { "\(method) \(path) \(body?.prefix(60) ?? "")" }

    init(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, _ status: Int, _ code: ProblemCode,
        _ mentions: String = ""
    ) {
        self.method = method
        self.path = path
        self.body = body
        self.status = status
        self.code = code
        self.mentions = mentions
    }
}

@Suite struct `Requests that cannot be` {
    static let huge = "{\"devices\":[\"" + String(repeating: "x", count: 2 << 20) + "\"]}"
    static let deep = String(repeating: "[", count: 100_000)

    static let table: [BadRequest] = [
        // Nothing there, or not with this method.
        BadRequest(.get, "/v1/nothing", nil, 404, .unknownRoute, "/v1/nothing"),
        BadRequest(.get, "/v1/vms/one/nothing", nil, 404, .unknownRoute),
        BadRequest(.put, "/v1/pools", "{}", 405, .unknownRoute, "PUT"),
        BadRequest(.delete, "/v1/status", nil, 405, .unknownRoute, "DELETE"),
        BadRequest(.patch, "/v1/vms/one", "{}", 405, .unknownRoute),
        // Unknown names.
        BadRequest(.get, "/v1/hosts/none/doctor", nil, 404, .unknownHost),
        BadRequest(.get, "/v1/hosts/none/survey", nil, 404, .unknownHost),
        BadRequest(.get, "/v1/hosts/none/usb", nil, 404, .unknownHost),
        BadRequest(.get, "/v1/hosts/atlas/usb/9-9", nil, 404, .unknownDevice, "9-9"),
        BadRequest(.get, "/v1/hosts/mars", nil, 404, .unknownHost, "mars"),
        BadRequest(.post, "/v1/hosts/mars/refresh", nil, 404, .unknownHost, "mars"),
        BadRequest(.get, "/v1/devices?host=mars", nil, 404, .unknownHost),
        BadRequest(.get, "/v1/devices/mars/41:00.0", nil, 404, .unknownHost),
        BadRequest(.get, "/v1/devices/atlas/99:00.0", nil, 404, .unknownDevice),
        BadRequest(.get, "/v1/devices/99:00.0", nil, 404, .unknownDevice),
        BadRequest(.get, "/v1/groups?host=mars", nil, 404, .unknownHost),
        BadRequest(.get, "/v1/groups/atlas/77", nil, 404, .unknownGroup),
        BadRequest(.get, "/v1/pools/none", nil, 404, .unknownPool, "none"),
        BadRequest(.patch, "/v1/pools/none", "{}", 404, .unknownPool),
        BadRequest(.delete, "/v1/pools/none", nil, 404, .unknownPool),
        BadRequest(.get, "/v1/vms/none", nil, 404, .unknownVM, "none"),
        BadRequest(.delete, "/v1/vms/none", nil, 404, .unknownVM),
        BadRequest(.post, "/v1/vms/none/attach", "{\"pool\":\"gpus\"}", 404, .unknownVM),
        BadRequest(.post, "/v1/vms/none/detach", "{\"pool\":\"gpus\"}", 404, .unknownVM),
        BadRequest(.post, "/v1/vms/none/start", nil, 404, .unknownVM),
        BadRequest(.post, "/v1/vms/none/stop", nil, 404, .unknownVM),
        BadRequest(.post, "/v1/vms/none/restart", nil, 404, .unknownVM),
        BadRequest(.get, "/v1/vms/none/definition", nil, 404, .unknownVM),
        BadRequest(.get, "/v1/vms/none/console/log", nil, 404, .unknownVM),
        BadRequest(.get, "/v1/vms/none/console", nil, 404, .unknownVM),
        BadRequest(.post, "/v1/vms/one/console/none", "x", 409, .wrongState),
        BadRequest(.post, "/v1/whatif", "{\"changes\":[{\"hostGone\":\"mars\"}]}", 404, .unknownHost, "mars"),
        BadRequest(.post, "/v1/whatif", "{\"changes\":[{\"deviceGone\":\"99:00.0\"}]}", 404, .unknownDevice),
        BadRequest(.post, "/v1/whatif", "{\"changes\":[{}]}", 400, .malformedInput, "exactly one"),
        BadRequest(
            .post, "/v1/whatif", "{\"changes\":[{\"drain\":\"atlas\",\"hostGone\":\"atlas\"}]}", 400, .malformedInput,
            "2"),
        BadRequest(
            .post, "/v1/whatif", "{\"changes\":[{\"joinGroups\":[\"41:00.0\"]}]}", 400, .malformedInput, "joinGroups"),
        BadRequest(.post, "/v1/whatif", "{\"count\":3}", 400, .malformedInput, "guest"),
        BadRequest(.post, "/v1/whatif", "{\"count\":99999,\"guest\":{}}", 400, .malformedInput, "99999"),
        BadRequest(.post, "/v1/whatif", "{\"guest\":{}}", 400, .malformedInput, "nothing"),
        BadRequest(.post, "/v1/whatif", "{\"guest\":{\"vcpus\":0}}", 400, .malformedInput, "vcpus"),
        BadRequest(.post, "/v1/whatif", "{\"guest\":{\"profile\":\"none\"}}", 404, .unknownProfile, "none"),
        BadRequest(.post, "/v1/whatif", "{\"pools\":[\"none\"]}", 404, .unknownPool, "none"),
        BadRequest(.post, "/v1/whatif", "{\"hostGone\":\"atlas\"}", 400, .unknownField, "hostGone"),
        BadRequest(.get, "/v1/plans/none", nil, 404, .unknownPlan),
        BadRequest(.get, "/v1/plans?host=mars", nil, 404, .unknownHost),
        BadRequest(.post, "/v1/plans/none/undo", nil, 404, .unknownPlan),
        BadRequest(.post, "/v1/vms/one/attach", "{\"pool\":\"none\"}", 404, .unknownPool),
        BadRequest(.post, "/v1/vms/one/detach", "{\"request\":\"none\"}", 404, .unknownClaim),
        // Malformed addresses and numbers.
        BadRequest(.get, "/v1/devices/atlas/0000-41-00.0", nil, 400, .malformedAddress, "0000-41-00.0"),
        BadRequest(.get, "/v1/devices/atlas/%FF", nil, 400, .malformedInput),
        BadRequest(.post, "/v1/devices/prepare", "{\"devices\":[\"zz:00.0\"]}", 400, .malformedAddress, "zz:00.0"),
        BadRequest(.post, "/v1/vms/one/attach", "{\"device\":\"/\"}", 400, .malformedAddress),
        BadRequest(.get, "/v1/groups/atlas/many", nil, 400, .malformedInput, "many"),
        // Queries.
        BadRequest(.get, "/v1/devices?colour=red", nil, 400, .unknownField, "colour"),
        BadRequest(.get, "/v1/status?host=atlas", nil, 400, .unknownField, "host"),
        BadRequest(.get, "/v1/devices?filter=colour%3Dred", nil, 400, .unknownField, "colour"),
        BadRequest(.get, "/v1/devices?filter=state", nil, 400, .malformedInput),
        BadRequest(.get, "/v1/devices?sort=colour", nil, 400, .malformedInput, "colour"),
        BadRequest(.get, "/v1/devices?limit=0", nil, 400, .malformedInput, "limit"),
        BadRequest(.get, "/v1/devices?limit=1&limit=2", nil, 400, .malformedInput, "twice"),
        BadRequest(.get, "/v1/pools?after=none", nil, 412, .changedMeanwhile),
        BadRequest(.get, "/v1/events?limit=-1", nil, 400, .malformedInput),
        BadRequest(.get, "/v1/events?follow=perhaps", nil, 400, .malformedInput, "perhaps"),
        BadRequest(.post, "/v1/vms/one/start?dryRun=maybe", nil, 400, .malformedInput, "maybe"),
        BadRequest(.post, "/v1/vms/one/start?dryrun=true", nil, 400, .unknownField, "dryrun"),
        // Bodies.
        BadRequest(.post, "/v1/pools", nil, 400, .malformedInput, "no body"),
        BadRequest(.post, "/v1/pools", "nonsense", 400, .malformedInput, "not JSON"),
        BadRequest(.post, "/v1/pools", "[]", 400, .malformedInput, "an object"),
        BadRequest(.post, "/v1/pools", deep, 400, .malformedInput, "deep"),
        BadRequest(.post, "/v1/pools", "{}", 400, .malformedInput, "name"),
        BadRequest(.post, "/v1/pools", "{\"name\":7}", 400, .malformedInput, "\"name\" must be text"),
        BadRequest(.post, "/v1/pools", "{\"name\":\"x\",\"colour\":1}", 400, .unknownField, "colour"),
        BadRequest(.post, "/v1/pools", "{\"name\":\"no spaces please\"}", 400, .malformedInput),
        BadRequest(.post, "/v1/pools", "{\"name\":\"../etc\"}", 400, .malformedInput),
        BadRequest(.post, "/v1/pools", "{\"name\":\"preview\"}", 400, .malformedInput, "preview"),
        BadRequest(.post, "/v1/pools", "{\"name\":\"x\",\"preparation\":\"now\"}", 400, .malformedInput, "preparation"),
        BadRequest(
            .post, "/v1/pools",
            "{\"name\":\"x\",\"rules\":[{\"name\":\"r\",\"isEnabled\":true,\"conditions\":[{\"field\":3}]}]}",
            400, .malformedInput, "rules[0].conditions[0].field"),
        BadRequest(
            .post, "/v1/pools/preview",
            "{\"rules\":[{\"name\":\"r\",\"isEnabled\":true,\"conditions\":[],\"color\":1}]}", 400, .unknownField,
            "rules[0].color"),
        BadRequest(
            .post, "/v1/pools/preview",
            "{\"rules\":[{\"name\":\"r\",\"isEnabled\":true,"
                + "\"conditions\":[{\"field\":\"colour\",\"comparison\":\"=\",\"value\":\"x\"}]}]}",
            400, .malformedRule, "colour"),
        BadRequest(
            .post, "/v1/pools/preview",
            "{\"rules\":[{\"name\":\"r\",\"isEnabled\":true,\"conditions\":[{\"field\":\"name\",\"comparison\":\"~\",\"value\":\"(\"}]}]}",
            400, .malformedRule),
        BadRequest(.post, "/v1/devices/prepare", "{\"devices\":[]}", 400, .malformedInput, "devices"),
        BadRequest(.post, "/v1/devices/prepare", "{\"devices\":\"41:00.0\"}", 400, .malformedInput, "a list"),
        BadRequest(.post, "/v1/devices/prepare", huge, 413, .tooLarge),
        BadRequest(.post, "/v1/devices/prepare", "{\"devices\":[\"41:00.0\"]}", 422, .notInPool, "41:00.0"),
        BadRequest(.post, "/v1/devices/release", "{\"devices\":[\"41:00.0\"]}", 409, .wrongState),
        BadRequest(.post, "/v1/devices/return", "{\"devices\":[\"41:00.0\"]}", 409, .wrongState),
        BadRequest(.post, "/v1/devices/passthrough", "{\"devices\":[\"41:00.0\"]}", 400, .malformedInput, "pool"),
        BadRequest(
            .post, "/v1/devices/passthrough", "{\"devices\":[\"41:00.0\"],\"pool\":\"new\"}", 404, .unknownPool, "new"),
        BadRequest(
            .post, "/v1/devices/passthrough", "{\"devices\":[\"00:17.0\"],\"pool\":\"new\",\"create\":{}}", 422,
            .hostCritical, "00:17.0"),
        BadRequest(.post, "/v1/vms", "{\"name\":\"x\"}", 400, .malformedInput, "vcpus"),
        BadRequest(.post, "/v1/vms", "{\"name\":\"x\",\"vcpus\":1,\"memoryMiB\":64}", 400, .malformedInput, "disk"),
        BadRequest(
            .post, "/v1/vms", "{\"name\":\"x\",\"vcpus\":0,\"memoryMiB\":64,\"disk\":\"/d\"}", 400, .malformedInput,
            "vcpus"),
        BadRequest(
            .post, "/v1/vms", "{\"name\":\"x\",\"vcpus\":1.5,\"memoryMiB\":64,\"disk\":\"/d\"}", 400, .malformedInput,
            "a whole number"),
        BadRequest(
            .post, "/v1/vms", "{\"name\":\"x\",\"vcpus\":1,\"memoryMiB\":64,\"disk\":\"d\"}", 400, .malformedInput,
            "disk"),
        BadRequest(
            .post, "/v1/vms", "{\"name\":\"one\",\"vcpus\":1,\"memoryMiB\":64,\"disk\":\"/d\"}", 409, .alreadyExists,
            "one"),
        BadRequest(
            .post, "/v1/vms", "{\"name\":\"x\",\"host\":\"mars\",\"vcpus\":1,\"memoryMiB\":64,\"disk\":\"/d\"}", 404,
            .unknownHost, "mars"),
        BadRequest(.post, "/v1/vms/one/attach", "{}", 400, .malformedInput, "pool"),
        BadRequest(.post, "/v1/vms/one/attach", "{\"device\":\"41:00.0\"}", 422, .notInPool),
        BadRequest(.post, "/v1/vms/one/detach", "{}", 400, .malformedInput),
        BadRequest(.post, "/v1/vms/one/stop", "{\"timeoutSeconds\":-1}", 400, .malformedInput, "timeoutSeconds"),
        BadRequest(.post, "/v1/vms/one/stop", nil, 409, .wrongState, "off"),
        BadRequest(.delete, "/v1/vms/one", nil, 422, .notAssignable, "one"),
        // Claims, and what an operator says of a host.
        // Policies and profiles.
        BadRequest(.post, "/v1/policy", nil, 400, .malformedInput, "no body"),
        BadRequest(.post, "/v1/policy", "{\"pool\":[]}", 400, .unknownField, "pool"),
        BadRequest(.post, "/v1/policy", "{\"pools\":[{}]}", 400, .malformedInput, "name"),
        BadRequest(.post, "/v1/policy", "{\"pools\":[{\"name\":\"preview\"}]}", 400, .malformedInput, "preview"),
        BadRequest(
            .post, "/v1/policy", "{\"pools\":[{\"name\":\"a\"},{\"name\":\"a\"}]}", 400, .malformedInput, "twice"),
        BadRequest(.post, "/v1/policy", "{\"profiles\":[{\"name\":\"a b\"}]}", 400, .malformedInput, "a b"),
        BadRequest(
            .post, "/v1/policy", "{\"profiles\":[{\"name\":\"a\",\"pin\":\"tight\"}]}", 400, .malformedInput, "\"core\""
        ),
        BadRequest(
            .post, "/v1/policy", "{\"profiles\":[{\"name\":\"a\",\"requests\":[{\"pool\":\"none\"}]}]}", 404,
            .unknownPool,
            "none"),
        BadRequest(.post, "/v1/policy", "{\"expectations\":[{\"text\":\"a is b\"}]}", 400, .malformedInput, "a is b"),
        BadRequest(
            .post, "/v1/policy", "{\"expectations\":[{\"text\":\"a matches 1\"}]}", 422, .expectationFailed, "hold"),
        BadRequest(.get, "/v1/profiles?limit=x", nil, 400, .malformedInput, "limit"),
        BadRequest(.get, "/v1/profiles/none", nil, 404, .unknownProfile, "none"),
        BadRequest(.delete, "/v1/profiles/none", nil, 404, .unknownProfile, "none"),
        BadRequest(
            .post, "/v1/vms", "{\"name\":\"v\",\"disk\":\"/d\",\"profile\":\"none\"}", 404, .unknownProfile, "none"),
        BadRequest(.post, "/v1/vms", "{\"name\":\"v\",\"disk\":\"/d\"}", 400, .malformedInput, "vcpus"),
        BadRequest(.get, "/v1/claims?phase=over", nil, 400, .malformedInput, "over"),
        BadRequest(.get, "/v1/claims?vm=one", nil, 400, .unknownField, "vm"),
        BadRequest(.get, "/v1/claims/none", nil, 404, .unknownClaim, "none"),
        BadRequest(.get, "/v1/claims/none/explain", nil, 404, .unknownClaim, "none"),
        BadRequest(.delete, "/v1/claims/none", nil, 404, .unknownClaim, "none"),
        BadRequest(.post, "/v1/claims/none/renew", "{}", 404, .unknownClaim, "none"),
        BadRequest(.get, "/v1/vms/none/explain", nil, 404, .unknownVM, "none"),
        BadRequest(.post, "/v1/claims", "{}", 400, .malformedInput, "owner"),
        BadRequest(.post, "/v1/claims", claim("\"color\":1"), 400, .unknownField, "color"),
        BadRequest(.post, "/v1/claims", claim("\"id\":\"../x\""), 400, .malformedInput, "../x"),
        BadRequest(.post, "/v1/claims", claim("\"id\":\"explain\""), 400, .malformedInput, "explain"),
        BadRequest(.post, "/v1/claims", claim("\"id\":\"new\""), 400, .malformedInput, "new"),
        BadRequest(.post, "/v1/claims", claim(kind: "vm"), 400, .malformedInput, "starts"),
        BadRequest(.post, "/v1/claims", claim(kind: "job"), 400, .malformedInput, "\"system\""),
        BadRequest(.post, "/v1/claims", claim(owner: "a b"), 400, .malformedInput, "a b"),
        BadRequest(.post, "/v1/claims", claim("\"leaseSeconds\":0"), 400, .malformedInput, "leaseSeconds"),
        BadRequest(.post, "/v1/claims", claim("\"priority\":1001"), 400, .malformedInput, "priority"),
        BadRequest(.post, "/v1/claims", claim("\"strategy\":\"best\""), 400, .malformedInput, "\"pack\""),
        BadRequest(.post, "/v1/claims", claim("\"hosts\":[\"mars\"]"), 404, .unknownHost, "mars"),
        BadRequest(.post, "/v1/claims", claim("\"labels\":{\"zone\":\"a b\"}"), 400, .malformedInput, "zone=a b"),
        BadRequest(.post, "/v1/claims", claim("\"reservation\":\"night\""), 404, .unknownClaim, "night"),
        BadRequest(.post, "/v1/claims", claim(requests: ""), 400, .malformedInput, "requests"),
        BadRequest(.post, "/v1/claims", claim(requests: "{}"), 400, .malformedInput, "pool"),
        BadRequest(.post, "/v1/claims", claim(requests: "{\"pool\":\"none\"}"), 404, .unknownPool, "none"),
        BadRequest(
            .post, "/v1/claims", claim(requests: "{\"device\":\"41:00.0\",\"numa\":\"near\"}"), 400, .malformedInput,
            "requests[0].numa"),
        BadRequest(
            .post, "/v1/claims", claim(requests: "{\"device\":\"41:00.0\",\"tags\":{\"\":\"x\"}}"), 400,
            .malformedInput, "tag"),
        BadRequest(
            .post, "/v1/claims",
            claim(requests: "{\"device\":\"41:00.0\",\"name\":\"a\"},{\"device\":\"42:00.0\",\"name\":\"a\"}"), 409,
            .alreadyExists, "\"a\""),
        BadRequest(.post, "/v1/claims", claim(), 409, .noFit, "slurm/1"),
        BadRequest(.post, "/v1/claims/explain", claim(requests: "{\"pool\":\"none\"}"), 404, .unknownPool, "none"),
        BadRequest(.patch, "/v1/hosts/mars", "{}", 404, .unknownHost, "mars"),
        BadRequest(.patch, "/v1/hosts/atlas", "{\"labels\":{\"a b\":\"c\"}}", 400, .malformedInput, "a b=c"),
        BadRequest(
            .patch, "/v1/hosts/atlas", "{\"labels\":{\"a\":\"b\"},\"removeLabels\":[\"a\"]}", 400, .malformedInput,
            "\"a\""),
        BadRequest(
            .post, "/v1/vms", "{\"name\":\"x\",\"vcpus\":1,\"memoryMiB\":64,\"disk\":\"/d\",\"hugepages\":\"3M\"}", 400,
            .malformedInput, "3M"),
        BadRequest(
            .post, "/v1/vms", "{\"name\":\"x\",\"vcpus\":1,\"memoryMiB\":64,\"disk\":\"/d\",\"cells\":2}", 400,
            .malformedInput, "cells"),
        BadRequest(
            .post, "/v1/vms", "{\"name\":\"x\",\"vcpus\":1,\"memoryMiB\":64,\"disk\":\"/d\",\"pin\":\"hard\"}", 400,
            .malformedInput, "\"thread\""),
        BadRequest(.delete, "/v1/hosts/mars", nil, 404, .unknownHost, "mars"),
        BadRequest(.delete, "/v1/hosts/atlas", nil, 409, .wrongState, "atlas"),
        BadRequest(.post, "/v1/hosts/mars/accept", nil, 404, .unknownHost, "mars"),
        BadRequest(.post, "/v1/vms/none/confirm-off", "{\"reason\":\"x\"}", 404, .unknownVM, "none"),
        BadRequest(.post, "/v1/vms/none/reset", nil, 404, .unknownVM, "none"),
        BadRequest(.post, "/v1/vms/one/reset", nil, 409, .wrongState, "one"),
        BadRequest(.post, "/v1/vms/one/confirm-off", "{}", 400, .malformedInput, "reason"),
        BadRequest(.post, "/v1/plans/none/cancel", nil, 404, .unknownPlan, "none"),
        BadRequest(.post, "/v1/plans/none/retry", nil, 404, .unknownPlan, "none"),
        BadRequest(.post, "/v1/plans/none/resolve", "{\"reason\":\"x\"}", 404, .unknownPlan, "none"),
        BadRequest(.post, "/v1/plans/none/resolve", "{\"reason\":\" \"}", 400, .malformedInput, "reason"),
        BadRequest(.delete, "/v1/pools/none?allow=busy&reason=x", nil, 422, .cannotBeAllowed, "busy"),
        // Agents.
        BadRequest(.post, "/v1/agent/atlas/plans/p-1/begin", "{}", 400, .malformedInput),
        BadRequest(.put, "/v1/agent/atlas/report", "{}", 400, .malformedInput),
        BadRequest(.post, "/v1/agent/atlas/failures/q1", "{}", 400, .malformedInput),
        BadRequest(.post, "/v1/store/drop", "{}", 400, .malformedInput, "key"),
        BadRequest(.put, "/v1/agent/atlas/unreadable", "{}", 400, .malformedInput),
        BadRequest(.put, "/v1/agent/mars/domains", "[]", 404, .unknownHost),
        BadRequest(.get, "/v1/agent/atlas/work?wait=900", nil, 400, .malformedInput, "wait"),
        BadRequest(
            .post, "/v1/agent/atlas/progress", "{\"plan\":\"none\",\"phase\":{\"running\":{}},\"progress\":[]}", 404,
            .unknownPlan),
    ]

    /// A claim that no host can serve: its device is in no pool.
    private static func claim(
        _ more: String? = nil, kind: String = "system", owner: String = "slurm/1",
        requests: String = "{\"device\":\"41:00.0\"}"
    ) -> String {
        "{\"owner\":{\"kind\":\"\(kind)\",\"name\":\"\(owner)\"},\"requests\":[\(requests)]\(more.map { ",\($0)" } ?? "")}"
    }

    @Test(arguments: table)
    func `are answered with a problem and a next step, and change nothing`(_ bad: BadRequest) async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                let before = try await scene.revision
                let response = try await door.send(bad.method, bad.path, bad.body)
                let problem = try response.problem()
                #expect(response.status.code == bad.status, "\(problem)")
                #expect(problem.status == bad.status)
                #expect(problem.code == bad.code.rawValue, "\(problem)")
                #expect(problem.type == "urn:patchbay:problem:\(bad.code.rawValue)")
                #expect(problem.detail.contains(bad.mentions), "\(problem.detail)")
                #expect(!problem.next.isEmpty)
                // That a host's report was refused is written down: nothing is decided on it any more.
                guard bad.path != "/v1/agent/atlas/report" else { return }
                #expect(try await scene.revision == before)
            }
        }
    }

    /// A route that no line of the table sends to would not be covered.
    @Test func `are tried on every route that can refuse`() {
        let tried = Set(Self.table.flatMap { Self.endpoints($0).map(\.name) })
        let cannotRefuse: Set = ["openAPI", "hosts", "vms", "agentAnswer", "agentConsole", "consoleClose"]
        #expect(Set(Endpoints.all.map(\.name)).subtracting(cannotRefuse).subtracting(tried).isEmpty)
    }

    private static func endpoints(_ bad: BadRequest) -> [NamedEndpoint] {
        let path = String(bad.path.prefix { $0 != "?" })
        return Endpoints.all.filter {
            $0.endpoint.method.rawValue.uppercased() == bad.method.rawValue && $0.endpoint.path.matches(path)
        }
    }

    @Test func `are answered with a status that the endpoint declares`() {
        for bad in Self.table where bad.status != 405 {
            for named in Self.endpoints(bad) {
                #expect(named.endpoint.statuses.contains(bad.status), "\(bad.testDescription): \(bad.status)")
            }
        }
    }

    @Test(arguments: [
        "/v1/claims/explain", "/v1/devices/prepare", "/v1/devices/release", "/v1/devices/return",
        "/v1/devices/passthrough", "/v1/pools/preview",
    ]) func `say the methods of their own path only`(_ path: String) async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                let response = try await door.send(.put, path)
                #expect(response.status == .methodNotAllowed)
                #expect(response.headers[.allow] == "POST")
            }
        }
    }

    @Test func `say which methods a path has`() async throws {
        try await Scene.with { scene in
            try await Door.open(scene) { door in
                let response = try await door.send(.put, "/v1/pools/x")
                #expect(response.headers[.allow] == "DELETE, GET, HEAD, PATCH")
            }
        }
    }
}
