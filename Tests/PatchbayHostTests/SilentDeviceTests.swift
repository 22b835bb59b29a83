import Foundation
import PatchbayCore
import PatchbayText
import Testing

@testable import PatchbayHost

@Suite struct `Devices that do not answer` {
    private static let port = "pci0000:00/0000:00:01.0"
    private static let ones = Data(repeating: 0xff, count: 64)

    /// A port, a card below it and a network card without a cable.
    private func host() throws -> (tree: SampleTree, port: String, card: String) {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.consoles(["ttyS0"])
        let port = try tree.function("0000:00:01.0", deviceClass: "060400", headerType: 1, driver: "pcieport", group: 1)
        let card = try tree.function("0000:01:00.0", below: Self.port, group: 2)
        try tree.function("0000:01:00.1", below: Self.port, deviceClass: "040300", group: 2)
        return (tree, port, card)
    }

    private func state(_ tree: SampleTree, _ address: String) throws -> (state: DeviceState, reason: String) {
        HostView(inventory: try tree.read().inventory, usage: Usage()).state(of: try DeviceKey(address))
    }

    private func silence(_ tree: SampleTree, _ address: String = "01:00.0") throws -> Silence? {
        try tree.read().inventory[try PCIAddress(address)]?.silence
    }

    /// A root port that tells whether its link is up, as config space of 256 bytes.
    private func portConfig(isUp: Bool, tells: Bool = true) -> Data {
        var bytes = [UInt8](repeating: 0, count: 256)
        bytes[0x06] = 0x10
        bytes[0x0e] = 1
        bytes[0x34] = 0x40
        bytes[0x40] = 0x10
        bytes[0x42] = 4 << 4 | 2
        // Link Capabilities bit 20, Link Status bit 13.
        bytes[0x4e] = tells ? 0x10 : 0
        bytes[0x53] = isUp ? 0x20 : 0
        return Data(bytes)
    }

    @Test func `are kept from guests, with what may bring them back`() throws {
        let (tree, _, card) = try host()
        #expect(try state(tree, "01:00.0").state == .free)
        try tree.file("\(card)/config", Self.ones)
        #expect(try silence(tree) == Silence(.allOnes))
        let answer = try state(tree, "01:00.0")
        #expect(answer == (.quarantined, "It does not answer: its config space reads as all ones."))
        let mate = try state(tree, "01:00.1")
        #expect(
            mate.state == .blocked
                && mate.reason.contains("It shares its IOMMU group with 01:00.0, which does not answer"))
        let inventory = try tree.read().inventory
        let unit = try #require(inventory.unit(of: PCIAddress("01:00.0")))
        let refusal = try #require(Planner(inventory: inventory, usage: Usage()).refusal(for: unit))
        #expect(refusal.code == .deviceSilent)
        #expect(refusal.next.lines[0].contains("/sys/bus/pci/devices/0000:01:00.0/remove"))
        #expect(refusal.next.lines[1].hasPrefix("Power the host off (not just a reboot)"))
    }

    @Test func `with a header that does not exist are no bridges`() throws {
        let (tree, _, card) = try host()
        var bytes = [UInt8](repeating: 0, count: 64)
        bytes[0x0e] = 0x7f
        try tree.file("\(card)/config", Data(bytes))
        let function = try #require(try tree.read().inventory[try PCIAddress("01:00.0")])
        #expect(function.silence == Silence(.unknownHeader) && !function.isBridge)
    }

    @Test func `are those below a port whose link is not active`() throws {
        let (tree, port, _) = try host()
        try tree.file("\(port)/config", portConfig(isUp: true))
        #expect(try silence(tree) == nil)
        try tree.file("\(port)/config", portConfig(isUp: false, tells: false))
        #expect(try silence(tree) == nil)
        try tree.file("\(port)/config", portConfig(isUp: false))
        #expect(try silence(tree) == Silence(.linkDown, port: try PCIAddress("00:01.0")))
        let answer = try state(tree, "01:00.0")
        #expect(answer == (.quarantined, "It does not answer: the link below 00:01.0 is down."))
        #expect(try silence(tree, "00:01.0") == nil)
        // Of an emulated port that means nothing.
        try tree.file("proc/cpuinfo", "processor\t: 0\nvendor_id\t: AuthenticAMD\nflags\t\t: fpu hypervisor svm\n")
        #expect(try silence(tree) == nil)
        try tree.file("proc/cpuinfo", "processor\t: 0\nvendor_id\t: AuthenticAMD\nflags\t\t: fpu svm\n")
        #expect(try silence(tree) != nil)
        // A port that sleeps has no link, and nothing is wrong with that.
        try tree.file("\(port)/power_state", "D3hot\n")
        #expect(try silence(tree) == nil)
    }

    @Test func `are no network cards without a cable`() throws {
        let (tree, _, _) = try host()
        try tree.card("0000:05:00.0", "eth0", carrier: false, group: 5)
        #expect(try silence(tree, "05:00.0") == nil)
    }

    @Test func `may be in a slot whose power can be switched`() throws {
        let (tree, _, card) = try host()
        try tree.file("\(card)/config", Self.ones)
        try tree.file("sys/bus/pci/slots/4/address", "0000:01:00\n")
        #expect(try silence(tree)?.poweredSlot == nil)
        try tree.file("sys/bus/pci/slots/4/power", "1\n")
        #expect(try silence(tree)?.poweredSlot == "4")
        let ways = try silence(tree)?.waysOut(of: [PCIAddress("01:00.0")]).lines
        #expect(ways?[1].contains("/sys/bus/pci/slots/4/power") == true)
    }

    @Test(
        arguments: [
            // Read, because it wakes nobody.
            ("D0", "active", "active", true), ("D3hot", "suspended", "active", true),
            // It lost its power or its link, and is not asleep.
            ("D3cold", "active", "active", true), ("unknown", "suspended", "active", true),
            // Asleep, or below a port that is.
            ("D3cold", "suspended", "suspended", false), ("D3cold", "suspended", "active", false),
            ("D3hot", "suspended", "suspended", false),
        ])
    func `are not those that sleep`(_ state: String, _ own: String, _ above: String, _ isLookedAt: Bool) throws {
        let (tree, port, card) = try host()
        try tree.file("\(card)/config", Self.ones)
        try tree.file("\(card)/power_state", "\(state)\n")
        try tree.file("\(card)/power/runtime_status", "\(own)\n")
        try tree.file("\(port)/power/runtime_status", "\(above)\n")
        #expect(try silence(tree) == (isLookedAt ? Silence(.allOnes) : nil))
        let (inventory, findings) = try tree.details()
        let function = try #require(inventory[try PCIAddress("01:00.0")])
        #expect(function.details?.isSilent == isLookedAt)
        #expect(findings.contains { $0.code == "device-silent" } == isLookedAt)
        #expect(!function.isBridge && (isLookedAt || function.headerType == 0))
        // A recording holds what is needed to say the same, and nothing for which the device would have been woken.
        let recorded = TreeCollector.collect(try HostTree(root: tree.root))
        #expect((recorded["\(card)/config"] != nil) == isLookedAt)
        #expect(recorded["\(card)/power/runtime_status"] != nil)
    }

    @Test func `are found when a step looks, also after sleep`() async throws {
        let (tree, _, card) = try host()
        let kernel = try LiveKernel(root: tree.root)
        #expect(try await kernel.silence(of: PCIAddress("01:00.0")) == nil)
        try tree.file("\(card)/config", Self.ones)
        try tree.file("\(card)/power_state", "D3cold\n")
        try tree.file("\(card)/power/runtime_status", "suspended\n")
        #expect(try await kernel.silence(of: PCIAddress("01:00.0")) == Silence(.allOnes))
    }
}
