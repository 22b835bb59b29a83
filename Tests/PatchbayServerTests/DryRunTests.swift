import HTTPTypes
import Hummingbird
import HummingbirdTesting
import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayTesting
import Testing

@Suite struct `A dry run` {
    static let mutations: [(HTTPRequest.Method, String, String?)] = [
        (.post, "/v1/devices/prepare", "{\"devices\":[\"41:00.0\"]}"),
        (
            .post, "/v1/devices/passthrough",
            "{\"devices\":[\"c1:00.0\"],\"pool\":\"new\",\"create\":{\"preparation\":\"eager\"}}"
        ),
        (.post, "/v1/pools", "{\"name\":\"other\"}"),
        (.patch, "/v1/pools/gpus", "{\"preparation\":\"eager\"}"),
        (.delete, "/v1/pools/unused", nil),
        (.post, "/v1/policy", "{\"pools\":[{\"name\":\"gpus\",\"preparation\":\"eager\",\"rules\":[]}]}"),
        (.delete, "/v1/profiles/small", nil),
        (.post, "/v1/vms", "{\"name\":\"new\",\"vcpus\":1,\"memoryMiB\":64,\"disk\":\"/d\"}"),
        (.post, "/v1/vms/one/attach", "{\"pool\":\"gpus\"}"),
        (.post, "/v1/vms/one/detach", "{\"pool\":\"gpus\"}"),
        (.post, "/v1/vms/one/start", nil),
        (.post, "/v1/vms/one/restart", nil),
    ]

    @Test(arguments: mutations.indices)
    func `answers with what would be, and changes nothing`(_ index: Int) async throws {
        let (method, path, body) = Self.mutations[index]
        try await Scene.with { scene in
            try await scene.makePool("gpus")
            try await scene.makePool("unused", ["42:00.0"])
            _ = try await scene.plane.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            let profile = API.PolicyDraft(profiles: [API.ProfileDraft(name: "small", vcpus: 1)])
            _ = try await scene.plane.applyPolicy(profile, dryRun: false)
            try await Door.open(scene) { door in
                let before = try await scene.revision
                let tried = try await door.send(method, path + "?dryRun=true", body).change()
                #expect(tried.dryRun)
                #expect(tried.plans.allSatisfy { $0.phase == "planned" })
                #expect(try await scene.revision == before)
                let done = try await door.send(method, path, body).change()
                #expect(!done.dryRun)
                #expect(done.plans.map(\.steps) == tried.plans.map(\.steps))
                #expect(try await scene.revision > before)
            }
        }
    }
}
