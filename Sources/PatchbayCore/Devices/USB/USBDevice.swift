/// A USB device on a host: what is plugged into a port.
///
/// Read from `/sys/bus/usb/devices`. Bus and device numbers change at each plug; the port does not.
package struct USBDevice: Hashable, Codable, Sendable {
    /// Name below `sys/bus/usb/devices`: `1-3.1`, `usb1` for a root hub.
    package var name: String
    package var port: USBPort
    package var busNumber: Int
    /// Grows at each plug.
    package var deviceNumber: Int
    package var vendor: UInt16
    package var product: UInt16
    /// What the device says of itself, or what `usb.ids` says.
    package var vendorName: String?
    package var productName: String?
    package var serial: String?
    /// No other device of this host has the same ids and serial; false without a serial.
    package var isSerialUnique: Bool
    /// Tenths of Mbit/s as `speed` gives Mbit/s with one decimal: 15, 120, 4800, 50000, 100000, 200000.
    package var speed: Int?
    /// `bcdUSB`, in text: `2.00`.
    package var version: String?
    /// `bDeviceClass`; 0x09 is a hub.
    package var deviceClass: UInt8
    package var interfaces: [USBInterface]
    /// Milliamperes asked for.
    package var maxPower: Int?
    package var isAuthorized: Bool
    /// Kernel names that stand on it: `sda`, `enx…`, `ttyUSB0`.
    package var nodes: [String]
    /// Why the host needs it; empty: nothing known.
    package var hostUses: [HostUse]

    package init(
        name: String, port: USBPort, busNumber: Int, deviceNumber: Int, vendor: UInt16, product: UInt16,
        vendorName: String? = nil, productName: String? = nil, serial: String? = nil, isSerialUnique: Bool = false,
        speed: Int? = nil, version: String? = nil, deviceClass: UInt8 = 0, interfaces: [USBInterface] = [],
        maxPower: Int? = nil, isAuthorized: Bool = true, nodes: [String] = [], hostUses: [HostUse] = []
    ) {
        self.name = name
        self.port = port
        self.busNumber = busNumber
        self.deviceNumber = deviceNumber
        self.vendor = vendor
        self.product = product
        self.vendorName = vendorName
        self.productName = productName
        self.serial = serial
        self.isSerialUnique = isSerialUnique
        self.speed = speed
        self.version = version
        self.deviceClass = deviceClass
        self.interfaces = interfaces
        self.maxPower = maxPower
        self.isAuthorized = isAuthorized
        self.nodes = nodes
        self.hostUses = hostUses
    }
}

extension USBDevice {
    /// Hubs are not handed over; their controller is the alternative.
    package var isHub: Bool { deviceClass == 0x09 }
    package var isRootHub: Bool { port.chain.isEmpty }
}

/// Where a USB device is plugged in: stable as long as nobody replugs it.
package struct USBPort: Hashable, Codable, Sendable {
    /// The PCI function that drives the bus; nil: a controller that is on no PCI bus.
    package var controller: PCIAddress?
    /// Port numbers below the root hub: `[3, 1]`; empty for the root hub itself.
    package var chain: [Int]
    /// The same socket on the bus of the other speed, as the kernel's `peer` link names it: `usb2-port3`.
    package var companion: String?
    /// `hotplug`, `hardwired`, `not used`; nil: not told.
    package var connectType: String?

    package init(
        controller: PCIAddress?, chain: [Int], companion: String? = nil, connectType: String? = nil
    ) {
        self.controller = controller
        self.chain = chain
        self.companion = companion
        self.connectType = connectType
    }
}

/// One interface of a USB device's active configuration.
package struct USBInterface: Hashable, Codable, Sendable {
    package var number: Int
    /// `bInterfaceClass`: 0x03 HID, 0x08 storage, 0xff vendor.
    package var interfaceClass: UInt8
    package var subclass: UInt8
    package var interfaceProtocol: UInt8
    package var driver: String?

    package init(
        number: Int, interfaceClass: UInt8, subclass: UInt8 = 0, interfaceProtocol: UInt8 = 0, driver: String? = nil
    ) {
        self.number = number
        self.interfaceClass = interfaceClass
        self.subclass = subclass
        self.interfaceProtocol = interfaceProtocol
        self.driver = driver
    }
}
