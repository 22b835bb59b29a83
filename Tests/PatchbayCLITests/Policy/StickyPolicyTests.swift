import PatchbayAPI
import PatchbayCLI
import PatchbayCore
import PatchbayDisplay
import PatchbayTesting
import PatchbayText
import Testing

@Suite struct `A policy that says whether VMs get the same again` {
    @Test(.requirements("C3"), arguments: Pool.Stickiness.allCases)
    func `is read as it is written, and written where it is not the default`(_ sticky: Pool.Stickiness) throws {
        let pool = Pool(name: "disks", stickiness: sticky)
        let lines = PolicyText(pool).lines
        #expect(lines.contains("sticky: \(sticky.rawValue)") == (sticky != .storage))
        let read = try `Policy files`.read(lines.joined(separator: "\n"))
        #expect(read.pools.map(\.value) == [pool])
        #expect(try `Policy files`.read("pool: disks\nsticky: \(sticky.rawValue)").pools.map(\.value) == [pool])
    }

    @Test(.requirements("VX9"), arguments: GuestReset.allCases)
    func `says what guests may reset, as it is read and as it is typed`(_ reset: GuestReset) throws {
        let pool = Pool(name: "keys", kind: .usb, guestReset: reset)
        let lines = PolicyText(pool).lines
        let plain = "pool: keys\nkind: usb\nguest-reset: \(reset.rawValue)"
        #expect(try `Policy files`.read(plain).pools.map(\.value) == [pool], "YAML 1.1 has booleans of these names")
        #expect(try `Policy files`.read(lines.joined(separator: "\n")).pools.map(\.value) == [pool])
        let line = ShellLine(editing: "keys", API.PoolDraft(guestReset: reset))
        #expect(line.words == ["pool", "edit", "keys", "--guest-reset", reset.rawValue])
    }

    @Test func `is refused where it says another word`() throws {
        let problem = try #require(throws: Problem.self) { try `Policy files`.read("pool: disks\nsticky: same") }
        #expect(problem.detail.contains("same") || problem.evidence.contains { $0.contains("same") })
    }

    @Test func `is the line that makes such a pool`() {
        let draft = API.PoolDraft(name: "disks", sticky: .always)
        #expect(ShellLine(creating: draft).words == ["pool", "create", "disks", "--sticky", "always"])
    }
}
