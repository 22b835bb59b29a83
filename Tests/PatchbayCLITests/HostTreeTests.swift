import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayTesting
import Testing

@testable import PatchbayCLI

@Suite struct `The drawing of a host` {
    private func text(_ devices: [API.Device], isUnfolded: Bool = false, width: Int? = 100, isUTF8: Bool = true)
        -> String
    {
        let style = Style(isTerminal: width != nil, isColoured: false, isUTF8: isUTF8, width: width)
        let tree = HostTreeMaker(devices, survey: Fleet.survey, isUnfolded: isUnfolded).make(host: "atlas")
        return HostTreeText.render(tree, style)
    }

    @Test func `of a machine of 559 functions fits on a page of 100 columns`() {
        #expect(LargeMachine.devices.count == 559)
        let lines = text(LargeMachine.devices).split(separator: "\n")
        #expect(lines.count <= 90, "\(lines.count) lines")
        #expect(lines.allSatisfy { $0.count <= 100 })
    }

    @Test func `names every function once when nothing is folded`() {
        let whole = text(LargeMachine.devices, isUnfolded: true, width: nil)
        let missing = LargeMachine.devices.filter { !whole.contains($0.shortAddress + " ") }
        #expect(missing.isEmpty)
        let tree = HostTreeMaker(LargeMachine.devices).make(host: "atlas")
        #expect(tree.nodes.flatMap(\.roots).map(functions).reduce(0, +) == 559)
    }

    /// Folded or not, and counting the bridges on the way.
    private func functions(_ item: HostTree.Item) -> Int {
        let below = item.children.map(functions).reduce(0, +)
        switch item.kind {
        case .root, .usb: return below
        case .bridges(let chain): return chain.count + below
        case .device(_, let chain): return chain.count + 1 + below
        case .fold(let fold): return fold.devices.count + fold.bridges.count + below
        }
    }

    @Test(.requirements("V21")) func `looks like this`() async throws {
        try await Transcript.expect(
            "host-tree", Session(isTerminal: true).plain,
            [["host", "show", "atlas", "--tree"], ["host", "show", "--tree", "--all"]])
        let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/host-tree-559.txt")
        let drawn = text(LargeMachine.devices)
        if ProcessInfo.processInfo.environment["PATCHBAY_GOLDEN"] == "write" {
            try Data(drawn.utf8).write(to: golden)
        }
        #expect(try String(contentsOf: golden, encoding: .utf8) == drawn)
    }

    @Test func `is ASCII where the terminal is`() {
        #expect(text(LargeMachine.devices, isUTF8: false).allSatisfy { $0.isASCII })
    }

    @Test func `hangs what a controller of a PCI domain drives below it`() {
        var controller = Fleet.devices[0]
        controller.topologyPath = "pci0000:c9/00.5"
        var disk = Fleet.devices[2]
        disk.topologyPath = "pci0000:c9/00.5/pci10002:00/01.0"
        let tree = HostTreeMaker([controller, disk]).make(host: "atlas")
        guard case .device(let shown, _)? = tree.nodes.first?.roots.first?.children.first?.kind else {
            Issue.record("no device in \(tree)")
            return
        }
        #expect(shown == controller)
        #expect(tree.nodes.first?.roots.first?.children.first?.children.count == 1)
    }

    @Test func `needs no server for a recorded machine`() async throws {
        let session = Session()
        let outcome = await session.run("host", "show", "--root", "/nowhere", "--tree")
        #expect(outcome.status == 1)
        #expect(outcome.addresses.isEmpty)
    }
}

@Suite struct `What is known of devices and hosts` {
    @Test(.requirements("V21", "V24", "V25", "V26")) func `is told in sections`() async throws {
        try await Transcript.expect(
            "known", Session(isTerminal: true).plain,
            [
                ["device", "show", "42:00.0"], ["device", "list", "-c", "device,verdict,state"],
                ["group", "show", "1"],
                ["group", "list", "-o", "table"], ["usb", "list"], ["usb", "list", "-o", "wide"],
                ["usb", "show", "1-3"], ["usb", "show", "atlas/usb-9-9"], ["host", "show"],
            ])
    }
}
