/// Uses of a USB controller by what is below it.
enum USBUse: String, CaseIterable {
    case mount = "mount on USB", route = "default route over USB", node = "open node on USB"
    case management = "USB device of the management controller", powerSupply = "power supply on USB"
}

extension PlantedHost {
    /// A device on a bus.
    struct USBDevice {
        var controller: Card
        /// `sys/devices/…/usb1/1-1`.
        var path: String
        /// `1-1`.
        var name: String
        var node: String
        /// The directory of its only interface.
        var interface: String { "\(path)/\(name):1.0" }
    }

    mutating func plant(_ use: USBUse) {
        switch use {
        case .mount:
            let stick = usb("0781:5583", interfaceClass: "08", "06", "50", driver: "usb-storage")
            mount(part(of: scsi(stick.controller, below: stick.interface)))
        case .route:
            let adapter = usb("0bda:8153", interfaceClass: "ff", "ff", "00", driver: "r8152")
            routeOut(
                by: interface(on: adapter.controller, at: adapter.interface, name: "enx\(next("enx"))", isUp: true))
        case .node: plantUSBNode()
        case .management:
            let (id, kind) = dice.pick([("046b:ff10", "03"), ("046b:ff20", "08"), ("0557:2419", "03")])
            need(usb(id, interfaceClass: kind, "01", "01", driver: "usbhid").controller)
        case .powerSupply:
            need(usb("051d:0002", interfaceClass: "03", "00", "00", driver: "usbhid").controller)
        }
    }

    /// The controller with its root hub, and nothing on it.
    mutating func usbController() -> (card: Card, bus: Int, hub: String) {
        let card = card("1912:0014", "0c0330", driver: "xhci_hcd", isAlone: true)
        let bus = next("bus") + 1
        let hub = "\(card.path)/usb\(bus)"
        addUSB(at: hub, "usb\(bus)", "1d6b:0002", bus: bus, number: 1, deviceClass: "09")
        return (card, bus, hub)
    }

    mutating func usb(
        _ id: String, interfaceClass: String, _ subclass: String, _ interfaceProtocol: String, driver: String
    ) -> USBDevice {
        let (card, bus, hub) = usbController()
        let name = "\(bus)-1"
        let device = USBDevice(
            controller: card, path: "\(hub)/\(name)", name: name, node: "/dev/bus/usb/\(Self.decimal(bus))/002")
        addUSB(at: device.path, name, id, bus: bus, number: 2, deviceClass: "00")
        attributes(
            device.interface,
            "bInterfaceNumber=00\nbInterfaceClass=\(interfaceClass)\nbInterfaceSubClass=\(subclass)\n"
                + "bInterfaceProtocol=\(interfaceProtocol)\nbAlternateSetting= 0\nbNumEndpoints=02")
        link("\(device.interface)/driver", to: "sys/bus/usb/drivers/\(driver)")
        link("sys/bus/usb/devices/\(name):1.0", to: device.interface)
        return device
    }

    private mutating func addUSB(
        at path: String, _ name: String, _ id: String, bus: Int, number: Int, deviceClass: String
    ) {
        let ids = id.split(separator: ":")
        attributes(
            path,
            "busnum=\(bus)\ndevnum=\(number)\ndevpath=\(number == 1 ? 0 : 1)\nidVendor=\(ids[0])\nidProduct=\(ids[1])\nbcdDevice=0110\n"
                + "bDeviceClass=\(deviceClass)\nbDeviceSubClass=00\nbDeviceProtocol=00\nspeed=480\nversion= 2.00\nbMaxPower=100mA\n"
                + "authorized=1\nmaxchild=\(number == 1 ? 4 : 0)\nbNumInterfaces= 1")
        link("sys/bus/usb/devices/\(name)", to: path)
        link("\(path)/driver", to: "sys/bus/usb/drivers/usb")
    }

    private static func decimal(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 3 - text.count)) + text
    }

    /// A camera, a serial adapter, or the device itself as a guest has it.
    private mutating func plantUSBNode() {
        switch dice.below(3) {
        case 0:
            let camera = usb("046d:085e", interfaceClass: "0e", "01", "00", driver: "uvcvideo")
            let name = "video\(next("video"))"
            attributes("\(camera.interface)/video4linux/\(name)", "dev=81:0\nindex=0\nname=Camera")
            link("sys/class/video4linux/\(name)", to: "\(camera.interface)/video4linux/\(name)")
            openUSB("/dev/\(name)", camera)
        case 1:
            let adapter = usb("0403:6001", interfaceClass: "ff", "ff", "ff", driver: "ftdi_sio")
            let name = "ttyUSB\(next("ttyUSB"))"
            attributes("\(adapter.interface)/\(name)/tty/\(name)", "dev=188:0")
            link("sys/class/tty/\(name)", to: "\(adapter.interface)/\(name)/tty/\(name)")
            openUSB("/dev/\(name)", adapter)
        default:
            let key = usb("1050:0407", interfaceClass: "0b", "00", "00", driver: "usbfs")
            openUSB(key.node, key)
        }
    }

    private mutating func openUSB(_ node: String, _ device: USBDevice) {
        process(dice.pick(["qemu-system-x86", "zigbee2mqtt", "motion"]), unit: "usb.service", open: [node])
        need(device.controller)
    }
}
