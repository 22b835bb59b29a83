import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

@Suite struct `Two clients at once` {
    /// Two servers over one store: only the conditions of the commit can keep them apart.
    @Test(.requirements("V17", "V39", "V42"), arguments: StoreKind.allCases)
    func `never both get the last device, and the loser is told who has it`(_ kind: StoreKind) async throws {
        for round in 0..<25 {
            try await kind.withStore { store in
                let planes = [ControlPlane.forTest(store, prefix: "a"), ControlPlane.forTest(store, prefix: "b")]
                let agent = ScriptedAgent(planes[0], domains: ["one", "two"].map { SampleHost.domain($0) })
                try await agent.report()
                let scene = Scene(store: store, plane: planes[0], agent: agent)
                try await scene.makePool()
                for vm in ["one", "two"] {
                    _ = try await planes[0].attach(API.AttachRequest(pool: "gpus"), to: vm, dryRun: false)
                }
                let results = await withTaskGroup(of: (String, Problem?).self) { group in
                    for (vm, plane) in zip(round.isMultiple(of: 2) ? ["one", "two"] : ["two", "one"], planes) {
                        group.addTask {
                            do throws(Problem) {
                                _ = try await plane.startVM(vm, dryRun: false)
                                return (vm, nil)
                            } catch { return (vm, error) }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                let winners = results.filter { $0.1 == nil }.map(\.0)
                let winner = try #require(winners.first)
                #expect(winners.count == 1)
                let lost = try #require(results.compactMap(\.1).first)
                #expect(lost.code == .noFit || lost.code == .deviceTaken)
                #expect(lost.evidence.contains { $0.contains(winner) }, "\(lost)")
                #expect(try await store.list("allocations/").values.count == 1)
                #expect(try await store.list("claims/").values.count == 1)
            }
        }
    }

    /// Plans for one host are made one after the other; nobody who could be served is turned away.
    @Test(arguments: StoreKind.allCases)
    func `are all served when there is enough for all`(_ kind: StoreKind) async throws {
        let names = (1...40).map { "vm\($0)" }
        try await Scene.with(kind, guests: names) { scene in
            let plane = scene.plane
            try await withThrowingTaskGroup { group in
                for name in names { group.addTask { _ = try await plane.startVM(name, dryRun: false) } }
                try await group.waitForAll()
            }
            #expect(try await plane.plans(host: "atlas").count == names.count)
            #expect(try await scene.agent.work().count == names.count)
            #expect(try await plane.vms().allSatisfy { $0.state == .running })
        }
    }

    @Test func `are told the holder of an exact device`() async throws {
        try await Scene.with { scene in
            try await scene.makePool()
            for vm in ["one", "two"] {
                _ = try await scene.plane.attach(API.AttachRequest(device: "41:00.0"), to: vm, dryRun: false)
            }
            _ = try await scene.plane.startVM("one", dryRun: false)
            let lost = try await problem { _ = try await scene.plane.startVM("two", dryRun: false) }
            #expect(lost.code == .deviceTaken)
            #expect(lost.detail.contains("\"one\""))
            let late = try await problem {
                _ = try await scene.plane.detach(API.DetachRequest(device: "41:00.0"), from: "two", dryRun: false)
                _ = try await scene.plane.attach(API.AttachRequest(device: "41:00.0"), to: "two", dryRun: false)
            }
            #expect(late.code == .deviceTaken)
        }
    }

    /// More cards than clients: whoever loses a race finds another one.
    @Test(arguments: StoreKind.allCases)
    func `claim and release as fast as they can, and are never told to try again`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let plane = ControlPlane.forTest(store)
            for agent in KilledFleet.agents(of: plane) { try await agent.report() }
            try await KilledFleet.makePools(plane)
            try await withThrowingTaskGroup { group in
                for client in 0..<8 {
                    group.addTask {
                        for number in 0..<30 {
                            let id = "c\(client)-\(number)"
                            let draft = API.ClaimDraft(
                                id: id, owner: API.ClaimOwner(kind: .system, name: id),
                                requests: [API.RequestDraft(pool: "open")])
                            _ = try await plane.createClaim(draft, dryRun: false)
                            _ = try await plane.releaseClaim(id, dryRun: false)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await plane.claims(API.ClaimQuery()).isEmpty)
            #expect(try await plane.devices(API.DeviceQuery()).allSatisfy { $0.state == .free })
        }
    }

    /// Each decides beside the others, while the store is followed; what is just being given to one is not chosen by others.
    @Test(arguments: StoreKind.allCases)
    func `are never told to try later while there are devices for all`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let plane = ControlPlane.forTest(store)
            try await ScriptedAgent(plane, LargeHost.inventory(virtualFunctions: 64)).report()
            let rule = Drafts.rule("all", "vendor", "=", "15b3")
            _ = try await plane.applyPolicy(API.PolicyDraft(pools: [Drafts.pool("nics", [rule])]), dryRun: false)
            let following = Task { try await plane.run() }
            try await withThrowingTaskGroup { group in
                for caller in 0..<32 {
                    group.addTask {
                        for round in 0..<8 {
                            let id = "c-\(caller)-\(round)"
                            let draft = API.ClaimDraft(
                                id: id, owner: API.ClaimOwner(kind: .system, name: "caller-\(caller)"),
                                requests: [API.RequestDraft(pool: "nics")])
                            let claim = try await plane.createClaim(draft, dryRun: false).claim
                            #expect(claim?.devices.count == 1)
                            _ = try await plane.releaseClaim(id, dryRun: false)
                        }
                    }
                }
                try await group.waitForAll()
            }
            following.cancel()
            _ = await following.result
            #expect(try await plane.claims(API.ClaimQuery()).isEmpty)
            #expect(try await store.list("allocations/").values.isEmpty)
            let pool = try #require(try await plane.whatIf(API.WhatIf(pools: ["nics"])).pools.first)
            #expect(pool.now?.free == 64)
        }
    }
}
