import Foundation
import PatchbayTesting
import Testing

@Suite struct `patchbay doctor` {
    @Test func `tells what the server knows, worst first, and ends with 2 when something fails`() async {
        let outcome = await Session().run("doctor", "atlas")
        #expect(outcome.status == 2)
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "atlas   Debian GNU/Linux 12 · kernel 6.1.0 · libvirt 9.0.0 · QEMU 7.2.0")
        #expect(lines.dropFirst().first == "Not ready: interrupt remapping is off.")
        #expect(lines.last == "1 problem, 1 warning. 2 of 7 devices can be lent.")
        #expect(outcome.output.contains("fix  Turn it on in the firmware."))
    }

    @Test func `gives names of checks that need somebody with -q, and everything as JSON`() async {
        #expect(await Session().run("doctor", "atlas", "-q").output == "interrupt-remapping\nnarrow-link\n")
        let json = await Session().run("doctor", "atlas", "--json")
        #expect(json.output.contains("\"verdict\" : \"failure\""))
        #expect(json.output.contains("\"lendable\" : 2"))
    }

    @Test func `writes a page for a ticket without the host's name`() async {
        let outcome = await Session().run("doctor", "atlas", "--ticket")
        #expect(outcome.output.contains("[failure] interrupt-remapping: Interrupt remapping is off."))
        #expect(outcome.output.contains("IOMMU GROUPS"))
        #expect(!outcome.output.contains("atlas"), "\(outcome.output)")
    }

    @Test func `does not take a host and a root together`() async {
        #expect(await Session().run("doctor", "atlas", "--root", "/").status == 64)
    }

    @Test func `does not know every host`() async {
        #expect(await Session().run("doctor", "nowhere").status == 3)
    }

    @Test func `refuses to record into a file of another kind`() async {
        let outcome = await Session().run("host", "record", "atlas.zip")
        #expect(outcome.status == 64)
        #expect(outcome.talk.contains("FILE.tar.xz") || outcome.talk.contains(".tar.xz"))
    }
}
