import PatchbayAPI
import PatchbayCore
import PatchbayServer
import PatchbayStore
import PatchbayTesting
import Testing

/// A client's story, told to servers that die: each step is asked again, in the same words, until it was answered.
private struct Story {
    let engine: any Store
    let agent: ScriptedAgent

    typealias Step = @Sendable (ControlPlane) async throws -> Void

    static func draft(
        _ id: String, kind: ClaimOwner.Kind = .system, count: Int = 1, waits: Bool = false, reservation: String? = nil
    ) -> API.ClaimDraft {
        API.ClaimDraft(
            id: id, owner: API.ClaimOwner(kind: kind, name: "owner-\(id)"),
            requests: [API.RequestDraft(pool: "gpus", count: count)], leaseSeconds: 600, waits: waits,
            reservation: reservation)
    }

    static let steps: [Step] = [
        { _ = try await $0.createClaim(draft("night", kind: .reservation), dryRun: false) },
        { _ = try await $0.createClaim(draft("borrower", reservation: "night"), dryRun: false) },
        { _ = try await $0.createClaim(draft("first"), dryRun: false) },
        { _ = try await $0.createClaim(draft("second", waits: true), dryRun: false) },
        { _ = try await $0.renewClaim("first", API.RenewRequest(leaseSeconds: 900), dryRun: false) },
        { try await release("first", $0) },
        { try await $0.serveQueue() },
        { try await release("borrower", $0) },
        { try await release("night", $0) },
        { _ = try await $0.createClaim(draft("last"), dryRun: false) },
    ]

    /// What was asked for came true already when a server died before it said so.
    private static func release(_ id: String, _ plane: ControlPlane) async throws {
        do { _ = try await plane.releaseClaim(id, dryRun: false) } catch {
            guard error.code == .unknownClaim else { throw error }
        }
    }

    /// - Returns: whether the server died.
    func tell(dyingAt point: CrashingStore.Point) async throws -> Bool {
        var store: any Store = CrashingStore(engine, dyingAt: point)
        var plane = ControlPlane.forTest(store, prefix: "before")
        var hasDied = false
        for step in Self.steps {
            do { try await step(plane) } catch let problem as Problem {
                guard problem.code == .interrupted, !hasDied, let dead = store as? CrashingStore else { throw problem }
                hasDied = true
                store = await dead.remains()
                try await check()
                plane = ControlPlane.forTest(store, prefix: "after")
                try await step(plane)
            }
            try await check()
        }
        return hasDied
    }

    /// Claims and allocations say the same, and no device is held twice.
    func check() async throws {
        let plane = ControlPlane.forTest(engine, prefix: "check")
        var holders: [String: String] = [:]
        for claim in try await plane.claims(API.ClaimQuery()) {
            #expect(claim.devices.isEmpty == (claim.phase == .pending))
            for device in claim.devices {
                // A reservation shows what it has lent, too; the borrower holds it.
                if claim.owner.kind == .reservation, holders[device.device] != nil { continue }
                if let other = holders[device.device] { #expect(other == "night", "\(device.device)") }
                holders[device.device] = claim.id
            }
        }
        let allocated = try await engine.list("allocations/").values.map { String($0.key.dropFirst(12)) }
        #expect(Set(allocated) == Set(holders.keys))
        for device in try await plane.devices(API.DeviceQuery()) where holders[device.id] != nil {
            #expect(device.holder?.hasSuffix(" owner-\(holders[device.id] ?? "")") == true)
        }
    }
}

@Suite(.timeLimit(.minutes(10))) struct `Claims outlive a server that is killed` {
    /// Before a commit is durable and after it is, but nobody was told: at every commit of the story.
    @Test(arguments: StoreKind.allCases) func `at every commit`(_ kind: StoreKind) async throws {
        for makePoint in [{ CrashingStore.Point.beforeCommit($0) }, { .afterCommit($0) }]
            as [(Int) -> CrashingStore.Point]
        {
            var number = 0
            var hasDied = true
            while hasDied {
                number += 1
                hasDied = try await kind.withStore { engine in
                    let plane = ControlPlane.forTest(engine, prefix: "setup")
                    let agent = ScriptedAgent(plane)
                    try await agent.report()
                    let scene = Scene(store: engine, plane: plane, agent: agent)
                    try await scene.makePool("gpus", ["41:00.0", "42:00.0"])
                    let story = Story(engine: engine, agent: agent)
                    let died = try await story.tell(dyingAt: makePoint(number))
                    // However it went, the end is the same.
                    let claims = try await scene.plane.listed(engine)
                    #expect(claims == ["last allocated", "second allocated"])
                    return died
                }
            }
            #expect(number == Story.steps.count + 1)
        }
    }

    /// Two servers over one store, and clients that ask both for the same claim at once.
    @Test(arguments: StoreKind.allCases)
    func `and two servers make one claim of one name, and serve a waiting one once`(_ kind: StoreKind) async throws {
        for _ in 0..<10 {
            try await kind.withStore { store in
                let planes = [ControlPlane.forTest(store, prefix: "a"), ControlPlane.forTest(store, prefix: "b")]
                let agent = ScriptedAgent(planes[0])
                try await agent.report()
                let scene = Scene(store: store, plane: planes[0], agent: agent)
                try await scene.makePool("gpus", ["41:00.0", "42:00.0"])
                try await both(planes) { plane in
                    _ = try await plane.createClaim(Story.draft("same"), dryRun: false)
                }
                _ = try await planes[0].createClaim(Story.draft("other"), dryRun: false)
                for id in ["w1", "w2"] {
                    _ = try await planes[1].createClaim(Story.draft(id, waits: true), dryRun: false)
                }
                #expect(try await store.list("claims/").values.count == 4)
                _ = try await planes[0].releaseClaim("same", dryRun: false)
                // Both read everything before either serves.
                let late = [ControlPlane.forTest(store, prefix: "c"), ControlPlane.forTest(store, prefix: "d")]
                for plane in late { #expect(try await plane.claims(API.ClaimQuery()).count == 3) }
                try await both(late) { try await $0.serveQueue() }
                try await Story(engine: store, agent: agent).check()
                let claims = try await planes[0].listed(store)
                #expect(claims == ["other allocated", "w1 allocated", "w2 pending"])
            }
        }
    }

    private func both(
        _ planes: [ControlPlane], _ body: @escaping @Sendable (ControlPlane) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup { group in
            for plane in planes { group.addTask { try await body(plane) } }
            try await group.waitForAll()
        }
    }
}

extension ControlPlane {
    /// As a server sees it that has just read everything.
    fileprivate func listed(_ store: any Store) async throws -> [String] {
        try await ControlPlane.forTest(store, prefix: "list").claims(API.ClaimQuery()).map { "\($0.id) \($0.phase)" }
            .sorted()
    }
}
