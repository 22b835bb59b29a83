import Foundation
import PatchbayCore
import PatchbayHost
import PatchbayTesting
import Testing

@Suite struct `The face of the host` {
    private func display(_ tree: SampleTree, _ address: String = "0000:07:00.0", boot: String? = "0\n", index: Int = 0)
        throws
    {
        let directory = try tree.function(address, deviceClass: "030000", driver: "amdgpu")
        if let boot { try tree.file("\(directory)/boot_vga", boot) }
        try tree.link("sys/class/drm/card\(index)-HDMI-A-1", to: "\(directory)/drm/card\(index)/card\(index)-HDMI-A-1")
        try tree.file("\(directory)/drm/card\(index)/card\(index)-HDMI-A-1/status", "connected\n")
        try tree.link("sys/class/graphics/fb\(index)", to: "\(directory)/graphics/fb\(index)")
    }

    @Test(.requirements("V11")) func `is its only display, unless a serial console is there`() throws {
        let tree = try SampleTree()
        try display(tree)
        try tree.consoles(["tty0"])
        let use = try #require(try tree.uses("07:00.0").first)
        #expect(use.reason == .console && use.severity == .critical)
        try tree.consoles(["netcon0", "tty0"])
        #expect(try tree.verdict("07:00.0") == .critical, "nobody can type on the network console")
        try tree.consoles(["ttyS0", "tty0"])
        #expect(try tree.verdict("07:00.0") == .free)
        try tree.consoles(["tty0"])
        try display(tree, "0000:08:00.0", index: 1)
        #expect(try tree.verdict("07:00.0") == .free, "there is another display")
    }

    @Test func `is where the kernel writes its text, monitor and all`() throws {
        let tree = try SampleTree()
        try display(tree)
        try display(tree, "0000:08:00.0", index: 1)
        try tree.consoles(["tty0"])
        try tree.file("sys/class/vtconsole/vtcon1/name", "(M) frame buffer device\n")
        try tree.file("sys/class/vtconsole/vtcon1/bind", "1\n")
        let use = try #require(try tree.uses("07:00.0").first)
        #expect(use.severity == .inUse)
        #expect(use.chain == ["text console", "fb0", "card0-HDMI-A-1", "0000:07:00.0"])
        try tree.file("sys/class/vtconsole/vtcon1/bind", "0\n")
        #expect(try tree.verdict("07:00.0") == .free)
    }

    @Test func `may be any display where nothing tells`() throws {
        let tree = try SampleTree()
        try display(tree, boot: nil)
        #expect(try tree.verdict("07:00.0") == .unknown)
    }

    @Test func `is a serial card that is named as a console`() throws {
        let tree = try SampleTree()
        let card = try tree.function("0000:09:00.0", deviceClass: "070002", driver: "serial")
        let port = "\(card)/0000:09:00.0:0/0000:09:00.0:0.0/tty/ttyS4"
        try tree.file("\(port)/dev", "4:68\n")
        try tree.link("sys/class/tty/ttyS4", to: port)
        #expect(try tree.verdict("09:00.0") == .free)
        try tree.consoles(["ttyS4"])
        #expect(try tree.uses("09:00.0").map(\.chain) == [["console", "ttyS4", "0000:09:00.0"]])
        #expect(try tree.verdict("09:00.0") == .critical)
    }
}

@Suite struct `What is below a USB controller` {
    private func tree() throws -> (tree: SampleTree, controller: String) {
        let tree = try SampleTree()
        try tree.noRoutes()
        try tree.mounts([("/", "tmpfs", "tmpfs")])
        try tree.consoles(["tty0"])
        return (tree, try tree.function("0000:00:14.0", deviceClass: "0c0330", driver: "xhci_hcd"))
    }

    @Test(.requirements("V11")) func `is the only keyboard of somebody in front of it`() throws {
        let (tree, controller) = try tree()
        try tree.usb("1-3.1", below: controller, id: "413c:2113", interfaces: ["030101", "030000"])
        let use = try #require(try tree.uses("00:14.0").first)
        #expect(use.reason == .usb && use.severity == .critical)
        #expect(use.chain == ["only keyboard 413c:2113", "USB 1-3.1", "0000:00:14.0"])
        #expect(try tree.uses(ofUSB: "1-3.1").map(\.chain) == [["only keyboard 413c:2113", "USB 1-3.1"]])
        try tree.consoles(["ttyS0"])
        #expect(try tree.verdict("00:14.0") == .free, "nobody sits in front of it")
        try tree.consoles(["tty0"])
        let other = try tree.function("0000:00:15.0", deviceClass: "0c0330", driver: "xhci_hcd")
        try tree.usb("2-1", below: other, id: "04b3:3025", interfaces: ["030101"])
        #expect(try tree.verdict("00:14.0") == .free, "there is another keyboard")
    }

    @Test func `may be needed where the consoles are not told`() throws {
        let tree = try SampleTree()
        let controller = try tree.function("0000:00:14.0", deviceClass: "0c0330", driver: "xhci_hcd")
        try tree.usb("1-3", below: controller, id: "413c:2113", interfaces: ["030101"])
        #expect(try tree.verdict("00:14.0") == .unknown)
        try tree.link("sys/bus/serio/devices/serio0/driver", to: "sys/bus/serio/drivers/atkbd")
        #expect(try tree.verdict("00:14.0") == .free, "a laptop has its own keyboard")
    }

    @Test(.requirements("V11"), arguments: ["046b:ff01", "0b1f:03ee", "0557:9241", "413c:a001"])
    func `is the management controller with its virtual devices`(_ id: String) throws {
        let (tree, controller) = try tree()
        try tree.usb("3-1", below: controller, id: id)
        let use = try #require(try tree.uses("00:14.0").first)
        #expect(use.reason == .management && use.severity == .critical)
    }

    @Test func `is an uninterruptible power supply, by what it reports or who made it`() throws {
        let (tree, controller) = try tree()
        let device = try tree.usb("1-2", below: controller, id: "0665:5161", interfaces: ["030000"])
        #expect(try tree.verdict("00:14.0") == .free)
        let report = "\(device)/1-2:1.0/0003:0665:5161.0001/report_descriptor"
        try tree.file(report, Data([0x05, 0x01, 0x09]))
        #expect(try tree.verdict("00:14.0") == .free)
        try tree.file(report, Data([0x05, 0x84, 0x09]))
        #expect(try tree.verdict("00:14.0") == .inUse)
        try tree.file(report, Data([0x05, 0x01, 0x09]))
        try tree.usb("1-4", below: controller, id: "051d:0002", interfaces: ["030000"])
        #expect(try tree.uses("00:14.0").map(\.severity) == [.inUse])
    }

    @Test(.requirements("V8")) func `is a mounted disk and a card that carries the default route`() throws {
        let (tree, controller) = try tree()
        let stick = try tree.usb("1-1", below: controller, id: "13fe:6700", interfaces: ["080650"])
        try tree.disk("sda", below: "\(stick)/1-1:1.0/host6/target6:0:0/6:0:0:0/block", partitions: ["sda1"])
        let card = try tree.usb("2-1.4", below: controller, id: "0bda:8153", interfaces: ["ffff00"])
        try tree.interface("enx0", on: "\(card)/2-1.4:1.0")
        try tree.mounts([("/media/stick", "/dev/sda1", "vfat")])
        try tree.routes(["4 254 00000000 0 0 enx0"])
        #expect(try tree.uses(ofUSB: "1-1").map(\.chain) == [["/media/stick", "sda1", "sda", "USB 1-1"]])
        #expect(try tree.uses(ofUSB: "2-1.4").map(\.severity) == [.critical])
        #expect(
            try tree.uses("00:14.0").map(\.chain) == [
                ["/media/stick", "sda1", "sda", "USB 1-1", "0000:00:14.0"],
                ["enx0", "USB 2-1.4", "0000:00:14.0"],
            ])
    }
}
