import PatchbayAPI
import PatchbayClient
import PatchbayCore
import PatchbayLab
import PatchbayServer
import PatchbayTesting
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(10))) struct `A server with the agent of a host` {
    @Test(.requirements("V31", "V32", "V39", "P7", "P35"))
    func `lends a device to a guest and has it back, over HTTP`() async throws {
        try await LiveServer.with { live in
            let client = live.tcp
            try await live.until { try await client.hosts().first?.agent.isConnected == true }
            try await live.until { try await client.vms().map(\.name) == ["one"] }
            _ = try await client.makePassthrough(
                API.PassthroughRequest(devices: ["c1:00.0"], pool: "cards", create: API.PoolDraft()), dryRun: false)
            _ = try await client.attach(API.AttachRequest(pool: "cards"), to: "one", dryRun: false)
            let start = try await client.startVM("one", dryRun: false)
            try await live.through(start)
            let plan = try await client.plan(start.plans[0].id)
            #expect(plan.phase == "applied", "\(plan)")
            #expect(try await client.device("c1:00.0").state == .attached)
            #expect(try await client.device("c1:00.1").state == .attached)
            #expect(await live.kernel.holders(of: SampleHost.audio) == ["one"])

            try await live.through(try await client.stopVM("one", API.PowerRequest(), dryRun: false))
            let device = try await client.device("c1:00.0")
            #expect(device.state == .free)
            #expect(device.driver == "nvidia")
        }
    }

    /// On a clock that stands still, so that it is not silence that tells. `scripts/attack` measures how long it takes.
    @Test func `notices that an agent closes its connection`() async throws {
        try await LiveServer.with(time: ManualTime()) { live in
            let client = live.tcp
            let report = AgentProtocol.Report(
                inventory: SampleHost.inventory("boreas"), domains: [], agentVersion: "test")
            try await client.report(report, host: "boreas")
            #expect(try await client.host("boreas").agent.isConnected)
            try closeOnceAsked(live.port)
            try await live.until { try await !client.host("boreas").agent.isConnected }
        }
    }

    /// Asks for work, as an agent whose process ends then.
    private func closeOnceAsked(_ port: Int) throws {
        let connection = try RawConnection(port: port)
        let head = [
            "GET /v1/agent/boreas/work?wait=60 HTTP/1.1", "Host: 127.0.0.1", "Authorization: Bearer \(Door.token)",
        ]
        connection.say(head.joined(separator: "\r\n") + "\r\n\r\n")
    }

    @Test func `takes devices back from a guest that powers off by itself`() async throws {
        try await LiveServer.with { live in
            let client = live.unix
            try await live.until { try await client.vms().map(\.name) == ["one"] }
            _ = try await client.makePassthrough(
                API.PassthroughRequest(devices: ["41:00.0"], pool: "gpus", create: API.PoolDraft()), dryRun: false)
            _ = try await client.attach(API.AttachRequest(device: "41:00.0"), to: "one", dryRun: false)
            try await live.through(try await client.startVM("one", dryRun: false))
            #expect(try await client.device("41:00.0").state == .attached)
            await live.hypervisor.powerOff("one")
            try await live.until { try await client.device("41:00.0").state == .free }
            #expect(try await client.device("41:00.0").driver == "nvidia")
        }
    }

    @Test func `restarts a guest with what it asks for now`() async throws {
        try await LiveServer.with { live in
            let client = live.tcp
            try await live.until { try await client.vms().map(\.name) == ["one"] }
            try await live.through(try await client.startVM("one", dryRun: false))
            _ = try await client.makePassthrough(
                API.PassthroughRequest(devices: ["41:00.0"], pool: "gpus", create: API.PoolDraft()), dryRun: false)
            _ = try await client.attach(API.AttachRequest(pool: "gpus"), to: "one", dryRun: false)
            #expect(try await client.vm("one").isRestartPending)
            _ = try await client.restartVM("one", API.PowerRequest(), dryRun: false)
            try await live.until { try await client.device("41:00.0").state == .attached }
            try await live.until { try await client.vm("one").plan == nil }
            #expect(try await client.vm("one").isRestartPending == false)
        }
    }

    @Test func `leaves a guest running that does not power off in time, and says so`() async throws {
        try await LiveServer.with { live in
            let client = live.tcp
            try await live.until { try await client.vms().map(\.name) == ["one"] }
            try await live.applied(try await client.startVM("one", dryRun: false))
            await live.hypervisor.ignorePowerButton("one")
            let stop = try await client.stopVM("one", API.PowerRequest(timeoutSeconds: 0), dryRun: false)
            try await live.through(stop)
            let plan = try await client.plan(stop.plans[0].id)
            #expect(plan.phase == "rolled-back")
            #expect(plan.problem?.detail.contains("still running") == true)
            #expect(try await client.vm("one").state == .running)
        }
    }

    @Test func `answers questions and carries the console`() async throws {
        try await LiveServer.with { live in
            let client = live.tcp
            try await live.until { try await client.vms().map(\.name) == ["one"] }
            try await live.through(try await client.startVM("one", dryRun: false))
            #expect(String(decoding: try await client.consoleLog("one"), as: UTF8.self) == "hello\n")
            let console = try await client.openConsole("one")
            try await console.send(Array("typed".utf8))
            var seen: [UInt8] = []
            for try await bytes in console.output {
                seen += bytes
                if String(decoding: seen, as: UTF8.self).contains("typed") { break }
            }
            await console.close()
            #expect(try await client.refreshHost("atlas").name == "atlas")
        }
    }

    @Test func `goes on with its events where a reader left off`() async throws {
        try await LiveServer.with { live in
            let before = try await live.tcp.status().revision
            for number in 1...4 { _ = try await live.tcp.createPool(API.PoolDraft(name: "p\(number)"), dryRun: false) }
            var seen: [API.Event] = []
            for try await event in try await live.tcp.eventStream(after: before) where event.kind == "pool.created" {
                seen.append(event)
                if seen.count == 4 { break }
            }
            #expect(seen.map(\.subject) == (1...4).map { "pool p\($0)" })
            for try await event in try await live.unix.eventStream(after: seen[1].id) where event.kind == "pool.created"
            {
                #expect(event == seen[2])
                break
            }
        }
    }

    /// A stream that is open would keep a server from ending.
    @Test func `ends while streams are open`() async throws {
        try await LiveServer.with { live in
            let events = try await live.tcp.eventStream(after: nil)
            _ = try await live.tcp.createPool(API.PoolDraft(name: "p"), dryRun: false)
            for try await event in events where event.subject == "pool p" { break }
            let open = try await live.tcp.eventStream(after: nil)
            await live.group.triggerGracefulShutdown()
            _ = open
        }
    }

    @Test func `lets in its own user on the unix socket without a token`() async throws {
        try await LiveServer.with { live in
            _ = try await live.unix.createPool(API.PoolDraft(name: "p"), dryRun: false)
            let event = try #require(try await live.unix.events(limit: 1).first)
            #expect(event.actor?.hasPrefix("uid ") == true)
        }
    }
}
