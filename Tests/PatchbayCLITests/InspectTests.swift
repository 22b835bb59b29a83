import Foundation
import PatchbayTesting
import Testing

@Suite struct `Inspecting a machine offline` {
    /// A root with one function on one bus, as sysfs lays it out.
    private static func withRoot(_ body: (String) async throws -> Void) async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "inspect-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let device = root.appending(path: "sys/devices/pci0000:00/0000:00:02.0")
        let bus = root.appending(path: "sys/bus/pci/devices")
        for folder in [device, bus] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        for (name, text) in [("vendor", "0x10de"), ("device", "0x20b5"), ("class", "0x030200"), ("numa_node", "-1")] {
            try Data((text + "\n").utf8).write(to: device.appending(path: name))
        }
        try FileManager.default.createSymbolicLink(
            atPath: bus.appending(path: "0000:00:02.0").path,
            withDestinationPath: "../../../devices/pci0000:00/0000:00:02.0")
        try await body(root.path)
    }

    @Test func `shows its devices and asks no server`() async throws {
        try await Self.withRoot { root in
            let session = Session()
            let outcome = await session.run("host", "inspect", "--root", root, "--name", "boreas")
            #expect(outcome.status == 0, "\(outcome.talk)")
            #expect(outcome.output.hasPrefix("boreas   not ready\n"))
            #expect(outcome.output.contains("\nboreas/00:02.0  "))
            #expect(!outcome.output.contains("agent"))
            #expect(outcome.addresses.isEmpty)
            let json = await session.run("host", "inspect", "--root", root, "--name", "boreas", "--json")
            #expect(json.output.contains("\"id\" : \"boreas/0000:00:02.0\""))
        }
    }

    @Test func `filters and sorts without a server, too`() async throws {
        try await Self.withRoot { root in
            let words = ["host", "inspect", "--root", root, "--name", "boreas", "-q"]
            #expect(await Session().run(words + ["--where", "vendor=10de"]).output == "boreas/00:02.0\n")
            #expect(await Session().run(words + ["--where", "vendor=8086"]).output.isEmpty)
            #expect(await Session().run(words + ["--where", "bogus=1"]).status == 64)
            #expect(await Session().run(words.dropLast() + ["--sort", "bogus"]).status == 64)
        }
    }

    @Test(arguments: [
        ("pci=10de:*:0302", true), ("pci=8086", false), ("short=00:02.0,00:03.0", true), ("class=030200", true),
        ("state=blocked vendor=10de", true), ("state=free", false), ("address=00:02.0", true),
        ("name~(?i)a100|20B5", true),
        ("host=\"\"", false), ("alone=\"\"", true),
    ]) func `has the filters of device list that a server has`(_ filter: String, _ isMatch: Bool) async throws {
        try await Self.withRoot { root in
            for words in [["device", "list"], ["host", "inspect"]] {
                let listed = await Session().run(words + ["--root", root, "-o", "name", "--where", filter])
                #expect(listed.status == 0, "\(listed.talk)")
                #expect(listed.output.hasSuffix("/00:02.0\n") == isMatch, "\(words): \(listed.output)")
            }
            let table = await Session().run("device", "list", "--root", root, "--where", filter)
            #expect(table.status == 0)
            #expect(table.talk.contains("Nothing matches \(filter).") != isMatch)
            #expect(isMatch || table.talk.contains("See all:  patchbay device list --root \(root)"))
        }
    }

    @Test(arguments: [
        ("vendor=0781", ["1-3"]), ("class=03", ["1-4.1"]), ("port=1-4.1 speed>=480", ["1-4.1"]), ("use=mount", ["1-3"]),
        ("controller=00:14.0 driver!=usbhid", ["1-3"]), ("name*~yubi", ["1-4.1"]), ("verdict=free vendor=0781", []),
        ("kind=device id=0781:5581", ["1-3"]), ("id=0000:0000", []),
    ]) func `filters USB devices by their fields, or else by the columns`(_ filter: String, _ ports: [String]) async {
        let listed = await Session().run("usb", "list", "--where", filter, "-q")
        #expect(listed.status == 0, "\(listed.talk)")
        #expect(listed.output == ports.map { "atlas/usb-\($0)\n" }.joined())
    }

    @Test(arguments: [("prodct=5581", "Did you mean product?"), ("id=zz", "is not a valid value of id")])
    func `say what is wrong with a filter of USB devices`(_ filter: String, _ why: String) async {
        let outcome = await Session().run("usb", "list", "--where", filter)
        #expect(outcome.status == 64)
        #expect(outcome.talk.contains(why))
    }

    @Test func `sorts what is filtered by any column`() async throws {
        try await Self.withRoot { root in
            let words = ["device", "list", "--root", root, "-q", "--where", "vendor=10de", "--sort"]
            #expect(await Session().run(words + ["-driver"]).output.hasSuffix("/00:02.0\n"))
            #expect(await Session().run(words + ["bogus"]).status == 64)
        }
    }

    @Test func `says which directory it wants when it got another`() async {
        let outcome = await Session().run("host", "inspect", "--root", "/nowhere/at/all")
        #expect(outcome.status == 1)
        #expect(outcome.talk.contains("which holds sys and proc"))
    }
}
