import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayLab
import PatchbayTesting
import Testing

/// What hangs on a host that says nothing, and the ways out, one after the other.
extension `The emulated lab` {
    @Test func `tells that an agent is stopped, and withdraws the plan that waits for it`() async throws {
        let session = try session
        let (vm, lent) = ("stopped", "sparenvme")
        let own = try await session.driver(lent)
        try await withVM(vm, lending: [lent]) {
            try await withdrawn(vm, while: stopAgent, until: continueAgent)
            #expect(try await session.driver(lent) == own)
            try await session.applied(session.service.startVM(vm, dryRun: false))
            #expect(try await session.driver(lent) == "vfio-pci")
            try await session.applied(session.service.stopVM(vm, API.PowerRequest(force: true), dryRun: false))
            #expect(try await session.driver(lent) == own)
        }
    }

    @Test(.enabled(if: LendingRun.isWanted, "make lab-long runs it"))
    func `a stopped agent, a cut network and a lost host leave a way out of every state`() async throws {
        let session = try session
        let start = ContinuousClock.now
        let lent = "sparenvme"
        let own = try await session.driver(lent)
        try await withVM("halted", lending: [lent]) {
            try await cancelUnderWay("halted")
            #expect(try await session.driver(lent) == own)
        }
        let nic = try #require(session.host.description.defaultRoute)
        try await withVM("unplugged", lending: [lent]) {
            try await withdrawn(
                "unplugged", while: { try await session.host.setCable(of: nic, isIn: false) },
                until: { try await session.host.setCable(of: nic, isIn: true) })
            #expect(try await session.driver(lent) == own)
        }
        try await loseHost(lending: lent, reserving: "accelerator1")
        #expect(try await session.driver(lent) == own)
        try await acceptAnotherAgent()
        LendingRun.tell("emulated-ways-out", since: start)
    }

    // MARK: A plan that waits

    /// A start is asked for while the host says nothing; it is cancelled, and never begun.
    private func withdrawn(
        _ vm: String, while silence: () async throws -> Void, until end: () async throws -> Void
    ) async throws {
        let service = try session.service
        try await silence()
        do {
            let plan = try #require(try await service.startVM(vm, dryRun: false).plans.first)
            try await waitForSilence()
            #expect(try await service.plan(plan.id).waitsFor != nil)
            _ = try await service.cancelPlan(plan.id, dryRun: false)
            let over = try await PlanObservation(service: service).end(of: plan.id, within: .seconds(5))
            #expect(over.phase == "rolled-back" && over.problem?.code == "cancelled", "\(over.phase)")
        } catch {
            try await end()
            throw error
        }
        try await end()
        try await waitForAgent()
        #expect(try await service.vm(vm).state == .shutOff)
    }

    // MARK: A plan under way

    /// The agent reads its host slowly, so that the plan is under way until then.
    private func cancelUnderWay(_ vm: String) async throws {
        let service = try session.service
        try await restartAgent("--read-delay", "10")
        let plan = try #require(try await service.startVM(vm, dryRun: false).plans.first)
        try await Observation.until(.seconds(60), "plan \(plan.id) is under way", every: .milliseconds(100)) {
            () async throws(Problem) in try await service.plan(plan.id).phase == "running"
        }
        try await stopAgent()
        do {
            try await waitForSilence()
            #expect(try await service.plan(plan.id).waitsFor != nil)
            _ = try await service.cancelPlan(plan.id, dryRun: false)
            #expect(try await !service.plan(plan.id).isOver, "what is under way is its agent's to take back")
        } catch {
            try await continueAgent()
            throw error
        }
        try await continueAgent()
        // Taken back, or through before its agent heard of it.
        let over = try await PlanObservation(service: service).end(of: plan.id, within: .seconds(180))
        #expect(["rolled-back", "applied"].contains(over.phase), "\(over.phase)")
        try await restartAgent()
        guard try await service.vm(vm).state == .running else { return }
        try await session.applied(service.stopVM(vm, API.PowerRequest(force: true), dryRun: false))
    }

    // MARK: A lost host

    /// Its power is cut while a VM runs; everything that hangs on it is let go, it is forgotten, and comes back as a new one.
    private func loseHost(lending lent: String, reserving reserved: String) async throws {
        let session = try session
        let (host, service, vm) = (session.host, session.service, "lost")
        for (pool, device) in [(vm, lent), ("reserved", reserved)] {
            _ = try await service.makePassthrough(
                API.PassthroughRequest(
                    devices: [session.name(device)], pool: pool,
                    create: API.PoolDraft(name: pool, preparation: .onDemand)), dryRun: false)
        }
        try await session.applied(service.createVM(probe(vm), dryRun: false))
        try await session.applied(service.attach(API.AttachRequest(pool: vm), to: vm, dryRun: false))
        try await session.applied(service.startVM(vm, dryRun: false))
        let draft = API.ClaimDraft(
            id: "reserved-1", owner: API.ClaimOwner(kind: .system, name: "job"),
            requests: [API.RequestDraft(pool: "reserved")])
        _ = try await service.createClaim(draft, dryRun: false)

        let process = try #require(host.process)
        process.signal(SIGKILL)
        #expect(await process.hasEnded(within: .seconds(30)))
        let lostAt = Date()
        try await waitForSilence()
        #expect(try await service.vm(vm).mayStillRun == true)
        try await refused { _ = try await service.startVM(vm, dryRun: false) }

        _ = try await service.releaseClaim("reserved-1", dryRun: false)
        let claim = try #require(try await service.vm(vm).claim)
        try await refused { _ = try await service.releaseClaim(claim, dryRun: false) }
        try await allowed { _ = try await service.releaseClaim(claim, dryRun: false) }
        _ = try await service.confirmOff(vm, API.Statement(reason: "its power was cut"), dryRun: false)
        #expect(try await service.vm(vm).mayStillRun != true)
        try await refused { _ = try await service.removeHost(host.name, dryRun: false) }
        try await allowed { _ = try await service.removeHost(host.name, dryRun: false) }
        #expect(try await service.hosts().contains { $0.name == host.name } == false)

        let order = Lab.Order(description: host.description, binary: LabSession.binary)
        _ = try await session.lab.up(order, cache: LabCache { print("lab: \($0)") })
        try await Lab.waitForReports(of: [host.name], since: lostAt, from: service)
        #expect(try await service.vm(vm).state == .shutOff)
        try await host.shell("virsh undefine \(vm)")
        for pool in [vm, "reserved"] { try await session.applied(service.deletePool(pool, dryRun: false)) }
    }

    /// Another agent under the host's name is heard once a person accepts it.
    private func acceptAnotherAgent() async throws {
        let (host, service) = (try session.host, try session.service)
        try await host.killAgent()
        try await waitForSilence()
        let start = Date()
        try await host.shell("rm /var/lib/patchbay/agent-key.pem")
        try await host.startAgent()
        try await Observation.until(.seconds(60), "another agent is refused") { () async throws(Problem) in
            try await service.host(host.name).findings.contains { $0.code == "other-agent" }
        }
        _ = try await service.acceptHost(host.name, dryRun: false)
        try await Lab.waitForReports(of: [host.name], since: start, from: service)
        try await waitForAgent()
    }

    // MARK: Parts

    func stopAgent() async throws { try await session.host.shell("kill -STOP $(cat /run/patchbay-agent.pid)") }

    func continueAgent() async throws {
        try await session.host.shell("kill -CONT $(cat /run/patchbay-agent.pid)")
    }

    /// Silence is told within 15 s; the rest is for a machine that is busy.
    private func waitForSilence() async throws {
        let (name, service) = (try session.host.name, try session.service)
        try await Observation.until(.seconds(20), "the agent of \(name) is told to be silent") {
            () async throws(Problem) in try await !service.host(name).agent.isConnected
        }
    }

    private func waitForAgent() async throws {
        let (name, service) = (try session.host.name, try session.service)
        try await Observation.until(.seconds(180), "the agent of \(name) is heard again") {
            () async throws(Problem) in try await service.host(name).agent.isConnected
        }
    }

    private func refused(_ body: () async throws -> Void) async throws {
        let problem = await #expect(throws: Problem.self) { try await body() }
        #expect(problem?.code == .hostLost, "\(problem?.detail ?? "")")
    }

    private func allowed(_ body: () async throws -> Void) async throws {
        let risk = try TakenRisk.said(allow: "host-lost", reason: "its power was cut")
        try await TakenRisk.$current.withValue(risk) { try await body() }
    }
}
