/// Devices on which nothing is planted, as they lie about in hosts: all are free.
enum Spare: String, CaseIterable {
    case display = "GPU", displayOnDriver = "GPU on its driver", displayBesideBridge =
        "GPU beside a bridge without a driver"
    case nvme = "blank NVMe", nvmeWithoutDriver = "NVMe without a driver", sata = "controller with a blank disk"
    case interface = "interface that is down", network = "network card without a driver"
    case virtualFunction = "virtual function without a driver", programmable = "FPGA card", signal = "measuring card"
    case peripheral = "add-in card of class 08", usb = "USB controller", usbStick = "USB controller with a blank stick"
    case accelerator = "integrated accelerator"
}

extension PlantedHost {
    mutating func add(_ spare: Spare) {
        switch spare {
        case .display: addDisplay(on: nil)
        case .displayOnDriver: addDisplay(on: "nvidia")
        case .displayBesideBridge: addDisplayBesideBridge()
        case .nvme: self.spare(nvme().cards[0])
        case .nvmeWithoutDriver: self.spare(card("144d:a80a", "010802", driver: nil))
        case .sata: self.spare(sata().cards[0])
        case .interface: self.spare(interface(isUp: false).card)
        case .network: self.spare(card("15b3:1016", "020000", driver: nil))
        case .virtualFunction:
            let (parent, children) = physicalFunction(functions: 3)
            leaveOpen(parent.address)
            for child in children { self.spare(child) }
        case .programmable:
            self.spare(
                card(pickID(["10ee:903f", "10ee:f401"]), dice.pick(["118000", "120000", "058000"]), driver: nil))
        case .signal: self.spare(card("1093:c4c4", dice.pick(["118000", "110100"]), driver: nil))
        case .peripheral: self.spare(card("1217:8621", dice.pick(["080501", "088000"]), driver: nil))
        case .usb: self.spare(usbController().card)
        case .usbStick:
            let stick = usb("0781:5583", interfaceClass: "08", "06", "50", driver: "usb-storage")
            _ = scsi(stick.controller, below: stick.interface)
            self.spare(stick.controller)
        case .accelerator: addAccelerator()
        }
    }

    /// With its sound in the same group, as most are.
    private mutating func addDisplay(on driver: String?) {
        var card = card("10de:20b5", dice.pick(["030000", "030200"]), driver: driver, isAlone: true)
        if chance(1, in: 2) { addMate(&card, "10de:1aef", "040300", driver: driver.map { _ in "snd_hda_intel" }) }
        spare(card)
    }

    /// VFIO accepts group mates without a driver: the bridge stays where it is.
    private mutating func addDisplayBesideBridge() {
        let card = card("10de:20b5", "030200", driver: nil, isAlone: true)
        let number = next("bridge")
        let address = "0000:00:\(Self.hex(0x1d + number / 8)).\(number % 8)"
        let bridge = Card(address: address, path: "sys/devices/pci0000:00/\(address)", group: card.group)
        function(bridge, "1022:1482", "060000", driver: nil, portType: 9)
        need(bridge)
        spare(card)
    }

    /// Parts of the root complex that are devices of their own (pci.ids; drivers ioatdma, idxd, qat, dlb2). An engine on its driver
    /// shows that no channel is taken.
    private mutating func addAccelerator() {
        guard chance(2, in: 3) else {
            let engine = integrated("8086:2021", "088000", driver: "ioatdma")
            let channel = "\(engine.path)/dma/dma\(next("dma"))chan0"
            attributes(channel, "in_use=0\nbytes_transferred=0\nmemcpy_count=0")
            link("sys/class/dma/\(channel.split(separator: "/").last ?? "")", to: channel)
            return spare(engine)
        }
        let (id, deviceClass) = dice.pick([
            ("8086:2021", "088000"), ("8086:0b25", "088000"), ("8086:0cfe", "088000"), ("8086:4940", "0b4000"),
            ("8086:2710", "0b4000"),
        ])
        spare(integrated(id, deviceClass, driver: nil))
    }
}
