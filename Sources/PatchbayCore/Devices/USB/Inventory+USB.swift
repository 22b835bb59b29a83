extension Inventory {
    /// Binary search: `usb` is sorted.
    package subscript(address: USBAddress) -> USBDevice? { index(of: address).map { usb[$0] } }

    package func index(of address: USBAddress) -> Int? {
        var low = 0
        var high = usb.count
        while low < high {
            let middle = (low + high) / 2
            if usb[middle].address < address { low = middle + 1 } else { high = middle }
        }
        return low < usb.count && usb[low].address == address ? low : nil
    }

    /// What hangs on a controller, hubs left out: it goes along when the controller is handed over.
    package func usbDevices(on controller: PCIAddress) -> [USBDevice] {
        usb.filter { $0.port.controller == controller && !$0.isHub }
    }

    /// By what a USB device is found again.
    package func identity(of device: USBDevice) -> USBIdentity {
        device.tellingSerial.map { .serial(device.id, $0) } ?? .socket(device.id, socket(of: device))
    }

    /// The hole that a device is in, with both of its ports where the kernel names the companion.
    package func socket(of device: USBDevice) -> USBSocket {
        var ports = [USBSocket.Port(isSuperSpeed: isSuperSpeed(bus: device.address.bus), chain: device.address.chain)]
        if let companion = device.port.companion.flatMap({ USBPortName($0) }) {
            ports.append(.init(isSuperSpeed: isSuperSpeed(bus: companion.bus), chain: companion.chain))
        }
        let controller = device.port.controller.flatMap { self[$0] }
        return USBSocket(controllerPath: controller?.topologyPath ?? "", ports: ports)
    }

    private func isSuperSpeed(bus: Int) -> Bool {
        USBAddress(bus: bus, chain: []).flatMap { self[$0] }?.isSuperSpeed ?? false
    }
}
