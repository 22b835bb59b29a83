extension SampleHost {
    /// Two buses of one controller: a hub, a stick with a disk, a keyboard, a network adapter.
    mutating func addUSB() {
        let controller = "sys/devices/pci0000:00/0000:00:14.0"
        usb("usb1", at: "\(controller)/usb1", bus: 1, number: 1, id: "1d6b:0002", deviceClass: "09", speed: "480")
        usb("usb2", at: "\(controller)/usb2", bus: 2, number: 1, id: "1d6b:0003", deviceClass: "09", speed: "10000")
        usb("1-1", at: "\(controller)/usb1/1-1", bus: 1, number: 2, id: "05e3:0610", deviceClass: "09", speed: "480")
        usb(
            "1-1.2", at: "\(controller)/usb1/1-1/1-1.2", bus: 1, number: 3, id: "0781:5581", deviceClass: "00",
            speed: "480")
        usb("1-2", at: "\(controller)/usb1/1-2", bus: 1, number: 4, id: "046d:c31c", deviceClass: "00", speed: "1.5")
        usb("2-1", at: "\(controller)/usb2/2-1", bus: 2, number: 2, id: "0b95:1790", deviceClass: "00", speed: "5000")
        let stick = "\(controller)/usb1/1-1/1-1.2/1-1.2:1.0"
        interface(stick, name: "1-1.2:1.0", interfaceClass: "08", driver: "usb-storage")
        interface("\(controller)/usb1/1-2/1-2:1.0", name: "1-2:1.0", interfaceClass: "03", driver: "usbhid")
        interface("\(controller)/usb2/2-1/2-1:1.0", name: "2-1:1.0", interfaceClass: "ff", driver: "ax88179_178a")
        disk("sda", at: "\(stick)/host6/target6:0:0/6:0:0:0/block/sda", number: "8:0")
        let keys = "\(controller)/usb1/1-2/1-2:1.0/0003:046D:C31C.0001/input/input3"
        attributes(keys, "name=Keyboard\nphys=usb-0000:00:14.0-2/input0")
        attributes(
            "\(keys)/capabilities", "key=1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe\nev=120013")
        link("sys/class/input/input3", to: keys)
        file(
            "proc/bus/input/devices",
            "I: Bus=0003 Vendor=046d Product=c31c Version=0110\nN: Name=\"Keyboard\"\n"
                + "P: Phys=usb-0000:00:14.0-2/input0\nH: Handlers=sysrq kbd event3\n\n"
        )
        for (hub, port, peer) in [
            ("usb1/1-0:1.0", "usb1-port1", "usb2/2-0:1.0/usb2-port1"),
            ("usb2/2-0:1.0", "usb2-port1", "usb1/1-0:1.0/usb1-port1"),
        ] {
            attributes("\(controller)/\(hub)/\(port)", "connect_type=hotplug\nover_current_count=0")
            link("\(controller)/\(hub)/\(port)/peer", to: "\(controller)/\(peer)")
            link("sys/bus/usb/devices/\(hub.lastPathComponent)", to: "\(controller)/\(hub)")
        }
        attributes("sys/class/power_supply/hidpp_battery_0", "type=UPS\nscope=Device")
    }

    private mutating func usb(
        _ name: String, at path: String, bus: Int, number: Int, id: String, deviceClass: String, speed: String
    ) {
        let ids = id.split(separator: ":")
        attributes(
            path,
            "busnum=\(bus)\ndevnum=\(number)\ndevpath=\(name.dropFirst(2))\nidVendor=\(ids[0])\nidProduct=\(ids[1])\n"
                + "bcdDevice=0110\nbDeviceClass=\(deviceClass)\nbDeviceSubClass=00\nbDeviceProtocol=00\n"
                + "manufacturer=Maker\nproduct=Thing\nserial=0123456\nspeed=\(speed)\nversion= 2.00\nbMaxPower=100mA\nauthorized=1\n"
                + "maxchild=4\nbNumInterfaces= 1\nremovable=removable\nrx_lanes=1"
        )
        file("\(path)/descriptors", [18, 1, 0, 2, 0, 0, 0, 64, 0x6b, 0x1d, 2, 0, 0x10, 1, 1, 2, 3, 1])
        link("sys/bus/usb/devices/\(name)", to: path)
        link("\(path)/driver", to: "sys/bus/usb/drivers/usb")
    }

    private mutating func interface(_ path: String, name: String, interfaceClass: String, driver: String) {
        attributes(
            path,
            "bInterfaceNumber=00\nbInterfaceClass=\(interfaceClass)\nbInterfaceSubClass=06\nbInterfaceProtocol=50\n"
                + "bAlternateSetting= 0\nbNumEndpoints=02"
        )
        attributes("sys/bus/usb/drivers/\(driver)", "new_id=")
        link("\(path)/driver", to: "sys/bus/usb/drivers/\(driver)")
        link("sys/bus/usb/devices/\(name)", to: path)
    }
}
