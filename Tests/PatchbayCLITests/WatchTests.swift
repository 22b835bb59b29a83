import Foundation
import PatchbayAPI
import PatchbayCore
import Testing

@testable import PatchbayCLI

@Suite(.timeLimit(.minutes(10))) struct `Lists that are watched` {
    /// One VM starts, a new one comes, one goes, and then the server is gone.
    private static let story: [[API.VM]] = {
        var started = Fleet.vms
        started[1].state = .running
        var more = started
        more.append(started[1])
        more[2].name = "web-01"
        return [Fleet.vms, Fleet.vms, started, more, Array(more.dropFirst())]
    }()

    private static func session(isTerminal: Bool = false) async -> Session {
        var session = Session(isTerminal: isTerminal).plain
        session.expiredPauses = [0, 2]
        await session.service.tell(story)
        return session
    }

    @Test func `print a line for each change on a pipe, until the server is gone`() async {
        let outcome = await Self.session().run("vm", "list", "--watch", "-c", "vm,state")
        #expect(outcome.status == 6)
        #expect(
            outcome.output == """
                VM          STATE
                trainer-01  running
                trainer-02  shut-off
                trainer-02  running
                web-01      running
                trainer-01  gone

                """)
    }

    @Test func `print a record for each change in JSON and names`() async {
        let json = await Self.session().run("vm", "list", "-w", "--json").output.split(separator: "\n")
        #expect(json.count == 5)
        #expect(json.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
        #expect(json.last == "{\"gone\":\"trainer-01\"}")
        let names = await Self.session().run("vm", "list", "-w", "-q").output
        #expect(names == "trainer-01\ntrainer-02\ntrainer-02\nweb-01\n")
    }

    @Test func `obey a filter`() async {
        let output = await Self.session().run("vm", "list", "-w", "-q", "--where", "state=running").output
        #expect(output == "trainer-01\ntrainer-02\nweb-01\n")
    }

    @Test func `are drawn again on a terminal`() async {
        let output = await Self.session(isTerminal: true).run("vm", "list", "--watch").output
        let screens = output.components(separatedBy: "\u{1b}[H\u{1b}[2J")
        #expect(screens.count == 6)
        #expect(screens[1] == screens[2] && screens[2] != screens[3])
        #expect(screens[5].contains("web-01") && !screens[5].contains("trainer-01"))
    }

    @Test func `are not repeated because a time in them goes on`() {
        var first = Fleet.hosts[0]
        first.inventoryAt = Fleet.now - 90_000_000
        let columns = HostColumns.settled(of: Fleet.hosts[0])
        #expect(columns == HostColumns.settled(of: first))
        first.settings.isCordoned = true
        #expect(columns != HostColumns.settled(of: first))
    }
}

/// What a host's line says as long as nothing happens to it.
private enum HostColumns {
    static func settled(of host: API.Host) -> [String] {
        HostListing.make(now: Fleet.now).columns.map { $0.settled(host) }
    }
}
