import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `USB identity` {
    private static let controller = PCIAddress(bus: 0, slot: 0x14, function: 0)

    private func device(
        _ name: String, _ chain: [Int], serial: String? = nil, isUnique: Bool = true, bus: Int = 1,
        controller: PCIAddress? = controller
    ) -> USBDevice {
        USBDevice(
            name: name, port: USBPort(controller: controller, chain: chain), busNumber: bus, deviceNumber: 2,
            vendor: 0x0951, product: 0x1666, productName: "Stick", serial: serial,
            isSerialUnique: serial != nil && isUnique)
    }

    @Test func `is the serial where that tells, wherever the device is plugged in`() {
        let survey = HostSurvey()
        let here = survey.identity(of: device("1-3", [3], serial: "E0D55EA574"), controllerPath: "pci0000:00/14.0")
        let there = survey.identity(of: device("3-1", [1], serial: "E0D55EA574"), controllerPath: "pci0000:00/1a.0")
        #expect(here == there && here.description == "0951:1666 with serial E0D55EA574")
    }

    @Test(
        .requirements("HX7"),
        arguments: [
            nil, "123456789", "00000000", "0123456789ABCDEF", "x", "28754-0000:00:05.0-3",
        ]) func `is the socket where the serial tells nothing`(_ serial: String?)
    {
        let survey = HostSurvey()
        let first = device("1-3.1", [3, 1], serial: serial)
        let other = device("1-3.2", [3, 2], serial: serial)
        let identity = survey.identity(of: first, controllerPath: "pci0000:00/14.0")
        #expect(identity.description == "0951:1666 in pci0000:00/14.0 port 3.1")
        #expect(identity != survey.identity(of: other, controllerPath: "pci0000:00/14.0"))
        #expect(identity != survey.identity(of: first, controllerPath: "pci0000:00/1a.0"))
    }

    @Test func `is the socket when another device has the same serial`() {
        let twin = device("1-3", [3], serial: "E0D55EA574", isUnique: false)
        #expect(twin.tellingSerial == nil)
    }

    @Test func `does not depend on the number of the bus`() {
        let root = { (bus: Int) in
            var root = self.device("usb\(bus)", [], bus: bus)
            root.speed = 4800
            return root
        }
        let before = HostSurvey(usb: [root(1)]).identity(of: device("1-3", [3]), controllerPath: "p")
        let after = HostSurvey(usb: [root(5)]).identity(of: device("5-3", [3], bus: 5), controllerPath: "p")
        #expect(before == after)
    }

    @Test(arguments: ["usb2port3", "2-port3", "usb-port1", "usb2-port0", "a-b-port1", "1-2-3-port4", ""])
    func `no port has another form of name`(_ text: String) { #expect(USBPortName(text) == nil) }

    @Test(.requirements("V42")) func `a controller and a device on it cannot go different ways`() throws {
        let controller = try #require(Self.controller)
        let other = try PCIAddress("0000:0a:00.0")
        var hub = device("1-3", [3])
        hub.deviceClass = 9
        let survey = HostSurvey(usb: [
            device("usb1", []), hub, device("1-3.1", [3, 1]), device("1-4", [4]), device("2-1", [1], controller: other),
        ])
        #expect(survey.usbControllers == [controller, other])
        #expect(survey.usbDevices(on: controller).map(\.name) == ["1-3.1", "1-4"])
        let claims = ["1-3.1": "vm win11", "2-1": "vm other"]
        let conflicts = survey.conflicts(handingOver: controller, usbClaims: claims)
        #expect(
            conflicts.map(\.sentenceForController) == [
                "Stick (1-3.1), which hangs on 0000:00:14.0, is lent to vm win11."
            ])
        #expect(survey.conflicts(handingOver: controller, usbClaims: [:]).isEmpty)
        let stick = try #require(survey.usbDevice("1-4"))
        let conflict = survey.conflict(lending: stick, controllers: [controller: "vm games"])
        #expect(conflict?.sentenceForDevice == "0000:00:14.0, which Stick (1-4) hangs on, is with vm games.")
        #expect(survey.conflict(lending: stick, controllers: [other: "vm games"]) == nil)
    }

    @Test func `parts of the management controller are known`() {
        var device = device("1-3", [3])
        #expect(device.managementPart == nil)
        (device.vendor, device.product) = (0x046b, 0xff10)
        #expect(device.managementPart == "remote keyboard and mouse")
        (device.vendor, device.product) = (0x0b1f, 0x03ee)
        #expect(device.managementPart == "network card of the management controller")
    }
}
