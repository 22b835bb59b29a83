import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayHost

@Suite struct `USB` {
    /// A controller with a bus of either speed; returns its directory.
    private func controller(_ tree: SampleTree, _ address: String = "0000:00:14.0", buses: [Int] = [1, 2]) throws
        -> String
    {
        let controller = try tree.function(address, id: "8086:a36d", deviceClass: "0c0330", driver: "xhci_hcd")
        for (index, bus) in buses.enumerated() {
            try tree.usb(
                "usb\(bus)", below: controller, id: "1d6b:000\(index + 2)", number: 1, deviceClass: "09",
                ["speed": index == 0 ? "480" : "10000", "serial": address])
        }
        return controller
    }

    private func devices(_ tree: SampleTree) throws -> [USBDevice] { try tree.survey().inventory.usb }

    @Test(.requirements("V41")) func `reads everything a device says, and where it is plugged in`() throws {
        let tree = try SampleTree()
        let controller = try controller(tree)
        try tree.usb("usb1/1-3", below: controller, id: "05e3:0610", number: 2, deviceClass: "09")
        let stick = try tree.usb(
            "usb1/1-3/1-3.1", below: controller, id: "0951:1666", number: 7,
            [
                "speed": "480", "version": " 2.10", "bMaxPower": "300mA", "manufacturer": "Kingston",
                "product": "DataTraveler 3.0", "serial": "E0D55EA574A0F5C1", "authorized": "1",
            ])
        let interface = try tree.usbInterface("1-3.1:1.0", of: stick, code: "080650", driver: "usb-storage")
        let disk = "\(interface)/host2/target2:0:0/2:0:0:0/block/sda"
        try tree.directory(disk)
        try tree.link("sys/block/sda", to: disk)
        let found = try #require(try devices(tree).first { $0.address.description == "1-3.1" })
        #expect(found.port.controller == PCIAddress(bus: 0, slot: 0x14, function: 0))
        #expect(found.address.chain == [3, 1] && found.address.bus == 1 && found.deviceNumber == 7)
        #expect(found.id.description == "0951:1666" && found.name == "Kingston DataTraveler 3.0")
        #expect(found.speed == 4800 && found.version == "2.10" && found.maxPower == 300 && found.isAuthorized)
        #expect(found.serial == "E0D55EA574A0F5C1" && found.isSerialUnique)
        #expect(
            found.interfaces == [
                USBInterface(
                    number: 0, interfaceClass: 8, subclass: 6, interfaceProtocol: 0x50, driver: "usb-storage")
            ])
        #expect(found.interfaces[0].className == "storage")
        #expect(found.nodes == ["sda"] && !found.isHub && !found.isRootHub)
        #expect(try devices(tree).filter(\.isHub).map(\.address.description) == ["usb1", "1-3", "usb2"])
    }

    @Test func `both ports of a socket are one socket`() throws {
        let tree = try SampleTree()
        let controller = try controller(tree)
        let (slow, fast) = ("\(controller)/usb1/1-0:1.0/usb1-port3", "\(controller)/usb2/2-0:1.0/usb2-port5")
        try tree.usbInterface("1-0:1.0", of: "\(controller)/usb1", code: "090001")
        try tree.usbInterface("2-0:1.0", of: "\(controller)/usb2", code: "090000")
        try tree.usbPort(slow, peer: fast)
        try tree.usbPort(fast, peer: slow, connectType: "hardwired")
        try tree.usb("usb1/1-3", below: controller, id: "1050:0407", number: 4)
        try tree.usb("usb2/2-5", below: controller, id: "1050:0407", number: 2)
        try tree.usb("usb1/1-5", below: controller, id: "1050:0407", number: 5)
        let inventory = try tree.survey().inventory
        let plugged = try ["1-3", "2-5", "1-5"].map { name in
            let address = try #require(USBAddress(kernelName: name))
            return try #require(inventory[address])
        }
        let sockets = plugged.map { inventory.socket(of: $0) }
        #expect(plugged[0].port.companion == "usb2-port5")
        #expect(plugged[0].port.connectType == "hotplug")
        #expect(plugged[1].port.companion == "usb1-port3")
        #expect(sockets[0] == sockets[1] && sockets[0].isSame(as: sockets[1]))
        #expect(!sockets[0].isSame(as: sockets[2]), "port 5 of the slow bus is another socket than port 5 of the fast")
        #expect(sockets[0].description == "pci0000:00/14.0 port 3/ss5")
    }

    @Test func `ports of hubs have companions, too`() throws {
        let tree = try SampleTree()
        let controller = try controller(tree)
        let hub = try tree.usb("usb1/1-3", below: controller, id: "05e3:0610", number: 2, deviceClass: "09")
        try tree.usbInterface("1-3:1.0", of: hub, code: "090002")
        try tree.usbPort("\(hub)/1-3:1.0/1-3-port4", peer: "\(controller)/usb2/2-3/2-3:1.0/2-3-port4")
        try tree.usb("usb1/1-3/1-3.4", below: controller, id: "046d:c52b", number: 3)
        let mouse = try #require(try devices(tree).first { $0.address.description == "1-3.4" })
        #expect(mouse.port.companion == "2-3-port4")
        #expect(USBPortName("2-3-port4")?.chain == [3, 4] && USBPortName("2-3-port4")?.bus == 2)
    }

    @Test func `a serial that two devices share tells neither`() throws {
        let tree = try SampleTree()
        let controller = try controller(tree)
        let serial = ["serial": "SHARED-1234"]
        try tree.usb("usb1/1-1", below: controller, id: "0951:1666", number: 2, serial)
        try tree.usb("usb1/1-2", below: controller, id: "0951:1666", number: 3, serial)
        try tree.usb("usb1/1-4", below: controller, id: "0951:1607", number: 4, serial)
        let sharing = try devices(tree).filter { $0.serial == "SHARED-1234" }
        #expect(sharing.map(\.address.description) == ["1-1", "1-2", "1-4"])
        #expect(sharing.map(\.isSerialUnique) == [false, false, true])
    }

    @Test func `names come from the device, then from the list of names`() throws {
        let tree = try SampleTree()
        let controller = try controller(tree)
        try tree.usb("usb1/1-1", below: controller, id: "046d:c52b", number: 2)
        try tree.usb("usb1/1-2", below: controller, id: "046d:c52b", number: 3, ["product": "Own word"])
        try tree.file(
            "usb.ids",
            "# a comment\n046d  Logitech, Inc.\n\tc52a  Another\n\tc52b  Unifying Receiver\n\t\t00  An interface\n"
                + "0951  Kingston Technology\n\nC 09  Hub\n\t00  Unused\nL 046d  A language\n")
        let names = ["\(tree.root)/missing", "\(tree.root)/usb.ids"]
        let read = USBReader(tree: try HostTree(root: tree.root), host: "atlas").read().devices
        var found = read
        USBNames(for: found, in: names).name(&found)
        func name(_ address: String) -> String? { found.first { $0.address.description == address }?.name }
        #expect(name("1-1") == "Logitech, Inc. Unifying Receiver")
        #expect(name("1-2") == "Logitech, Inc. Own word")
        #expect(name("usb1") == "USB device 1d6b:0002")
        #expect(read.named(as: found) == found, "the list is read once")
    }

    @Test func `interfaces and ttys, cameras and keyboards stand on their device`() throws {
        let tree = try SampleTree()
        let controller = try controller(tree)
        let modem = try tree.usb("usb1/1-2", below: controller, id: "1bc7:1900", number: 2)
        try tree.usbInterface("1-2:1.2", of: modem, code: "020d00", driver: "cdc_ncm")
        for (node, place) in [
            ("net/usb0", "1-2:1.2/net/usb0"), ("tty/ttyACM0", "1-2:1.0/tty/ttyACM0"),
            ("input/event7", "1-2:1.3/0003:1BC7:1900.0001/input/input9/event7"),
            ("input/input9", "1-2:1.3/0003:1BC7:1900.0001/input/input9"),
        ] {
            try tree.directory("\(modem)/\(place)")
            try tree.link("sys/class/\(node)", to: "\(modem)/\(place)")
        }
        #expect(try devices(tree).first { $0.address.description == "1-2" }?.nodes == ["event7", "ttyACM0", "usb0"])
    }

    @Test func `what has just been unplugged is a finding`() throws {
        let tree = try SampleTree()
        let controller = try controller(tree, buses: [1])
        try tree.directory("\(controller)/usb1/1-4")
        try tree.link("sys/bus/usb/devices/1-4", to: "\(controller)/usb1/1-4")
        try tree.directory("sys/bus/usb/devices/no-device")
        let result = try tree.survey()
        #expect(result.inventory.usb.map(\.address.description) == ["usb1"])
        #expect(result.findings.filter { $0.code == "usb-unreadable" }.map(\.subject) == ["atlas/1-4"])
    }

    @Test func `devices are in the order of their ports, and listed by controller, bus and port`() throws {
        let tree = try SampleTree()
        let second = try controller(tree, "0000:0a:00.0", buses: [1])
        let first = try controller(tree, "0000:00:14.0", buses: [3, 12])
        try tree.usb("usb3/3-10", below: first, id: "046d:c52b", number: 2)
        try tree.usb("usb3/3-9", below: first, id: "046d:c52b", number: 3)
        try tree.usb("usb1/1-1", below: second, id: "046d:c52b", number: 2)
        let devices = try devices(tree)
        #expect(devices.map(\.address.description) == ["usb1", "1-1", "usb3", "3-9", "3-10", "usb12"])
        #expect(
            devices.sorted(by: USBDevice.isBefore).map(\.address.description)
                == ["usb3", "3-9", "3-10", "usb12", "usb1", "1-1"])
    }
}
