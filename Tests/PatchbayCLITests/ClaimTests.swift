import PatchbayAPI
import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Claims at the command line` {
    private static let pages: [[String]] = [
        ["claim", "list"], ["claim", "list", "--owner", "night"], ["claim", "list", "--phase", "pending", "-q"],
        ["claim", "show", "c-1"], ["claim", "show", "job-17"], ["claim", "show", "night"],
        ["claim", "explain", "night"], ["claim", "explain", "job-17"],
        ["claim", "explain", "--pool", "a100", "--count", "4"], ["vm", "explain", "trainer-01"],
    ]

    @Test func `are told in 80 columns`() async throws {
        var session = Session(isTerminal: true).plain
        session.width = 80
        try await Transcript.expect("claims-terminal", session, Self.pages)
        for page in Self.pages {
            let lines = await session.run(page).output.split(separator: "\n")
            let commands = lines.filter { $0.contains("patchbay ") }
            #expect(lines.filter { !commands.contains($0) }.allSatisfy { $0.count <= 80 }, "\(page)")
        }
    }

    @Test func `are told in full on a pipe`() async throws {
        try await Transcript.expect("claims-piped", Session(), Self.pages)
    }

    @Test func `are told in ASCII and in colour`() async throws {
        var session = Session(isTerminal: true).plain
        session.width = 80
        session.environment["LANG"] = "C"
        for page in Self.pages {
            let outcome = await session.run(page)
            #expect((outcome.output + outcome.talk).allSatisfy { $0.isASCII }, "\(page)")
        }
        try await Transcript.expect("claims-ascii", session, [["claim", "explain", "night"]])
        try await Transcript.expect("claims-coloured", Session(isTerminal: true), [["claim", "explain", "night"]])
    }

    @Test func `are told as the API has them`() async throws {
        try await Transcript.expect(
            "claims-forms", Session(),
            [
                ["claim", "show", "night", "--json"], ["claim", "show", "night", "-o", "yaml"],
                ["claim", "list", "-o", "wide"], ["claim", "explain", "job-17", "--json"],
                ["claim", "explain", "job-17", "-q"], ["claim", "explain", "night", "-q"],
                ["vm", "explain", "trainer-01", "-o", "yaml"],
            ])
    }

    @Test func `are explained device by device when more is asked for`() async {
        let folded = await Session().run("claim", "explain", "night").output
        let full = await Session().run("claim", "explain", "night", "-v").output
        #expect(folded.contains("and 29 more for the same reason: 02:00.0, 03:00.0"))
        #expect(!folded.contains("1e:00.0  "))
        #expect(full.contains("1e:00.0  ") && !full.contains("for the same reason: "))
        #expect(full.contains("and 9,950 more hosts for the same reason"))
    }

    @Test func `are told with what they hold when they are made`() async throws {
        let session = Session()
        await session.service.answer(
            with: API.Change(
                dryRun: false, message: "Claim job-17 holds atlas/42:00.0 for system slurm/job-17.",
                subject: "claim job-17", claim: Fleet.claims[1]))
        let words = ["claim", "create", "--system", "slurm/job-17", "--pool", "a100"]
        try await Transcript.expect("claims-made", session, [words, words + ["-n"], words + ["-q"]])
    }

    @Test func `have no place in the queue once they are released`() async {
        let session = Session()
        let change = API.Change(
            dryRun: false, message: "Claim night is released.", subject: "claim night", claim: Fleet.claims[2])
        await session.service.answer(with: change)
        #expect(await session.run("claim", "release", "night").output == "Claim night is released.\n")
    }

    @Test func `are waited for until they are served, or until the time is over`() async throws {
        let waiting = Fleet.claims[2]
        var served = waiting
        (served.phase, served.host, served.position) = (.allocated, "atlas", nil)
        let change = API.Change(
            dryRun: false, message: "Nothing fits now; claim night of reservation night waits.", subject: "claim night",
            claim: waiting)
        let words = ["claim", "create", "--reservation", "night", "--pool", "a100", "--wait", "--timeout", "5m"]
        var session = Session()
        session.expiredPauses = [1]
        await session.service.answer(with: change)
        await session.service.tell([waiting, waiting, served])
        try await Transcript.expect("claims-waited", session, [words])

        session = Session()
        session.expiredPauses = [300]
        await session.service.answer(with: change)
        await session.service.tell([waiting])
        try await Transcript.expect("claims-late", session, [words])

        session = Session()
        session.interrupts = true
        await session.service.answer(with: change)
        await session.service.tell([waiting])
        let stopped = await session.run(words)
        #expect(stopped.status == 130)
        #expect(stopped.talk.contains("claim night stays in the queue"))
    }

    @Test func `leave their host's settings to be seen`() async throws {
        var host = Fleet.hosts[0]
        host.settings = API.HostSettings(labels: ["zone": "a", "rack": "7"], isPinned: true, isCordoned: true)
        let session = Session(isTerminal: true).plain
        await session.service.replace(host)
        try await Transcript.expect("host-settings", session, [["host", "list"], ["host", "show", "atlas"]])
    }
}
