import PatchbayCore
import Testing

@testable import PatchbayAPI

@Suite struct `A change of a pool` {
    private static let lack = Finding(
        "next-start-fails", .warning, subject: "vm trainer-01",
        "trainer-01 could not be started again after it is stopped: it would lack 1 of pool a100.",
        next: ["See its requests:  patchbay vm show trainer-01"])

    private static func session() async -> Session {
        let session = Session()
        await session.service.answerPolicy(
            with: API.Change(
                dryRun: true, message: "The policy would be applied.", subject: "policy", findings: [lack],
                differences: [
                    .init(
                        kind: "pool", name: "a100", action: .change,
                        lines: ["-     where: vendor=10de", "+     where: numa=1"])
                ]))
        return session
    }

    static let commands = [
        ["pool", "edit", "a100", "--rule", "numa=1"], ["pool", "rule", "add", "a100", "numa=1"],
        ["pool", "rule", "disable", "a100", "cards"], ["pool", "rule", "remove", "a100", "cards"],
        ["pool", "rule", "edit", "a100", "cards", "numa=1"], ["pool", "create", "new", "--rule", "numa=1"],
    ]

    @Test func `is previewed with who enters, who leaves and which VM can start no more`() async throws {
        try await Transcript.expect(
            "pool-change-preview", await Self.session(), Self.commands.map { $0 + ["--dry-run"] } + [Self.commands[0]])
    }

    /// What is not named stays: it must not be shown as taken away.
    @Test(arguments: [
        (["--sticky", "never"], Pool.Stickiness.never, GuestReset.off),
        (["--guest-reset", "on"], .always, .on), (["--rule", "class=08"], .always, .off),
    ])
    func `is previewed as the whole pool that it leads to`(
        _ words: [String], _ sticky: Pool.Stickiness, _ reset: GuestReset
    ) async throws {
        let session = await Self.session()
        await session.service.add(
            API.Pool(
                Pool(name: "keys", kind: .usb, stickiness: .always, guestReset: .off), devices: [], vms: [],
                findings: [], revision: 3))
        let outcome = await session.run(["pool", "edit", "keys"] + words + ["--dry-run"])
        #expect(outcome.status == 0, "\(outcome.talk)")
        let previewed = try #require(await session.service.policies.last?.pools?.first)
        #expect(previewed.name == "keys" && previewed.kind == .usb)
        #expect(previewed.sticky == sticky && previewed.guestReset == reset)
    }

    @Test(arguments: commands) func `says which VM can start no more when it is made, too`(_ words: [String]) async {
        let session = await Self.session()
        let outcome = await session.run(words)
        #expect(outcome.status == 0, "\(outcome.talk)")
        #expect(outcome.talk.contains("trainer-01 could not be started again"))
        #expect(!outcome.output.contains("devices of pool"))
        #expect(await session.service.mutations.count == 1)
    }

    @Test func `is told the rule that was meant`() async {
        let outcome = await Session().run("pool", "rule", "disable", "a100", "crads")
        #expect(outcome.status == 64)
        #expect(outcome.talk.contains("Did you mean cards?"))
    }
}
