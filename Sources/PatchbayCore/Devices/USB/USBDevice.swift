/// A USB device on a host: what is plugged into a port.
///
/// Read from `/sys/bus/usb/devices`.
package struct USBDevice: Hashable, Codable, Sendable {
    package var address: USBAddress
    package var port: USBPort
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

    package init(
        address: USBAddress, port: USBPort, deviceNumber: Int, vendor: UInt16, product: UInt16,
        vendorName: String? = nil, productName: String? = nil, serial: String? = nil, isSerialUnique: Bool = false,
        speed: Int? = nil, version: String? = nil, deviceClass: UInt8 = 0, interfaces: [USBInterface] = [],
        maxPower: Int? = nil, isAuthorized: Bool = true, nodes: [String] = []
    ) {
        self.address = address
        self.port = port
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
    }
}

extension USBDevice {
    package var id: USBID { USBID(vendor: vendor, product: product) }
    /// Hubs are not handed over; their controller is the alternative.
    package var isHub: Bool { deviceClass == 0x09 }
    package var isRootHub: Bool { address.isRootHub }

    /// The node of usbfs that a program opens to have it: `/dev/bus/usb/001/004`.
    package var node: String { Self.node(bus: address.bus, device: deviceNumber) }

    package static func node(bus: Int, device: Int) -> String {
        let numbers = [bus, device].map { number in
            let digits = String(number)
            return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        }
        return "/dev/bus/usb/\(numbers[0])/\(numbers[1])"
    }

    /// What a person calls it: `Kingston DataTraveler 3.0`, or the ids where nothing is known.
    package var name: String {
        guard let productName else { return vendorName.map { "\($0) \(id)" } ?? "USB device \(id)" }
        guard let vendorName, !productName.hasPrefix(vendorName) else { return productName }
        return "\(vendorName) \(productName)"
    }

    /// The order of lists: by controller, bus and port; a controller on no PCI bus comes first.
    package static func isBefore(_ a: USBDevice, _ b: USBDevice) -> Bool {
        let (first, second) = (a.port.controller?.number ?? -1, b.port.controller?.number ?? -1)
        return first == second ? a.address < b.address : first < second
    }
}

/// Vendor and product id of a USB device. Text form `0951:1666`.
package struct USBID: Hashable, Codable, Sendable, CustomStringConvertible {
    package let vendor: UInt16
    package let product: UInt16

    package init(vendor: UInt16, product: UInt16) {
        self.vendor = vendor
        self.product = product
    }

    package var description: String { "\(vendor.hex(4)):\(product.hex(4))" }
}
