extension HostSurvey {
    /// By what a device of this survey is found again.
    ///
    /// - Parameter controllerPath: `PCIFunction.topologyPath` of its controller.
    package func identity(of device: USBDevice, controllerPath: String) -> USBIdentity {
        if let serial = device.tellingSerial { return .serial(device.id, serial) }
        return .socket(device.id, socket(of: device, controllerPath: controllerPath))
    }

    /// The hole that a device is in, with both of its ports where the kernel names the companion.
    package func socket(of device: USBDevice, controllerPath: String) -> USBSocket {
        var ports = [USBSocket.Port(isSuperSpeed: isSuperSpeed(bus: device.busNumber), chain: device.port.chain)]
        if let companion = device.port.companion.flatMap({ USBPortName($0) }) {
            ports.append(.init(isSuperSpeed: isSuperSpeed(bus: companion.bus), chain: companion.chain))
        }
        return USBSocket(controllerPath: controllerPath, ports: ports)
    }

    private func isSuperSpeed(bus: Int) -> Bool {
        usb.first { $0.isRootHub && $0.busNumber == bus }?.isSuperSpeed ?? false
    }
}

extension HostSurvey {
    /// What hangs on a controller, root hubs and hubs left out: it goes along when the controller is handed over.
    package func usbDevices(on controller: PCIAddress) -> [USBDevice] {
        usb.filter { $0.port.controller == controller && !$0.isHub && !$0.isRootHub }
    }

    /// The PCI functions that drive a USB bus, sorted.
    package var usbControllers: [PCIAddress] { Set(usb.compactMap(\.port.controller)).sorted() }

    package func usbDevice(_ name: String) -> USBDevice? { usb.first { $0.name == name } }
}
