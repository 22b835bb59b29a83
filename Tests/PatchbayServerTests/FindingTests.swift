import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

@Suite struct `What a server finds on its hosts` {
    private func codes(_ scene: Scene) async throws -> (status: [String], host: [String], doctor: [String]) {
        (
            try await scene.plane.status().findings.map(\.code),
            try await scene.plane.host("atlas").findings.map(\.code),
            try await scene.plane.examineHost("atlas").checks.map(\.code)
        )
    }

    @Test(arguments: StoreKind.allCases)
    func `is one device in two running guests, as long as it is so`(_ kind: StoreKind) async throws {
        try await Scene.with(kind) { scene in
            for vm in ["one", "two"] {
                await scene.agent.define(SampleHost.gpuA, in: vm)
                await scene.agent.power(vm, .running)
            }
            try await scene.agent.report()
            let status = try await scene.plane.status()
            let finding = try #require(status.findings.first { $0.code == "device-in-several-vms" })
            #expect(finding.severity == .problem)
            #expect(finding.sentence == "VMs one and two have 41:00.0 at the same time, but only one VM can use it.")
            #expect(status.findings.count { $0.code == "device-in-several-vms" } == 1)
            #expect(try await codes(scene).host.contains("device-in-several-vms"))
            let check = try #require(try await scene.plane.examineHost("atlas").checks.first { $0.code == "clashes" })
            #expect(check.evidence == [finding.sentence])

            await scene.agent.power("two", .shutOff)
            try await scene.agent.report()
            let after = try await codes(scene)
            #expect(!after.status.contains("device-in-several-vms") && !after.host.contains("device-in-several-vms"))
            #expect(!after.doctor.contains("clashes"))
        }
    }

    @Test func `is a setting of the boot that binds what a pool lends`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            await scene.agent.change(host: { inventory in
                let boot = BootFacts(running: ["vfio-pci.ids=10de:20b5"])
                inventory.survey = HostSurvey(platform: HostPlatform(boot: boot))
            })
            try await scene.agent.report()
            let found = try await codes(scene)
            #expect(found.status.contains("bound-at-boot") && found.host.contains("bound-at-boot"))
            #expect(found.doctor.contains("clashes"))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `is what its agent could not read`(_ kind: StoreKind) async throws {
        try await Scene.with(kind) { scene in
            let sentence = "No routing table was found, so all network cards are treated as in use."
            await scene.agent.change(host: { inventory in
                inventory.findings = [
                    Finding("routes-unknown", .warning, subject: "atlas", sentence),
                    Finding("function-unreadable", .warning, subject: "atlas/0000:05:00.0", "It is left alone."),
                    Finding("made-up", .warning, subject: "boreas", "Another host is on fire."),
                ]
            })
            try await scene.agent.report()
            let findings = try await scene.plane.host("atlas").findings
            for code in ["routes-unknown", "function-unreadable", "made-up"] {
                #expect(findings.contains { $0.code == code })
                #expect(try await codes(scene).status.contains(code))
            }
            #expect(findings.first { $0.code == "made-up" }?.subject == "atlas", "a host speaks of itself only")
            #expect(findings.first { $0.code == "function-unreadable" }?.subject == "atlas/0000:05:00.0")
            let check = try #require(try await scene.plane.examineHost("atlas").checks.first { $0.code == "not-read" })
            #expect(check.verdict == .unknown)
            #expect(check.evidence.first == sentence)
            #expect(try await scene.restarted().host("atlas").findings.contains { $0.code == "routes-unknown" })

            await scene.agent.change(host: { $0.findings = nil })
            try await scene.agent.report()
            #expect(try await !codes(scene).status.contains("routes-unknown"))
        }
    }
}
