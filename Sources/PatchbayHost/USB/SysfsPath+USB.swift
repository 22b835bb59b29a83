/// Source: `Documentation/ABI/stable/sysfs-bus-usb`, `Documentation/ABI/testing/sysfs-bus-usb`.
extension SysfsPath {
    static let usbDevices = "sys/bus/usb/devices"
    /// Where kernel names that may stand on a USB device are, and how those begin that are device nodes; empty: all.
    static let usbNodeClasses: [(path: String, prefixes: [String])] = [
        ("sys/block", []), ("sys/class/net", []), ("sys/class/tty", []),
        ("sys/class/input", ["event", "mouse", "js"]), ("sys/class/video4linux", []),
        ("sys/class/sound", ["card"]), ("sys/class/hidraw", []), ("sys/class/bluetooth", []),
        ("sys/class/usbmisc", []),
    ]
    /// The lists of USB names of the machine this runs on; the first that exists is used.
    static let usbNames = [
        "/usr/share/hwdata/usb.ids", "/usr/share/misc/usb.ids", "/var/lib/usbutils/usb.ids", "/usr/share/usb.ids",
    ]

    static let usbDriversProbe = "sys/bus/usb/drivers_probe"

    static func usbDriver(_ name: String) -> String { "sys/bus/usb/drivers/\(name)" }

    static func usbDevice(_ name: String) -> String { "\(usbDevices)/\(name)" }

    /// Attributes of a USB device or interface, relative to its directory.
    enum USB {
        static let vendor = "idVendor"
        static let product = "idProduct"
        static let deviceNumber = "devnum"
        static let deviceClass = "bDeviceClass"
        static let speed = "speed"
        static let version = "version"
        static let maxPower = "bMaxPower"
        static let authorized = "authorized"
        static let manufacturer = "manufacturer"
        static let productName = "product"
        static let serial = "serial"
        static let interfaceNumber = "bInterfaceNumber"
        static let interfaceClass = "bInterfaceClass"
        static let interfaceSubclass = "bInterfaceSubClass"
        static let interfaceProtocol = "bInterfaceProtocol"
        static let peer = "peer"
        static let connectType = "connect_type"
    }
}
