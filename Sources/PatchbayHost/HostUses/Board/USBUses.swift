import PatchbayCore

/// What of USB the host needs by being what it is: the management controller's virtual devices, the only keyboard, an
/// uninterruptible power supply. Disks and network cards on USB come with their mounts and routes.
struct USBUses {
    let tree: HostTree

    private struct Device {
        var name: String
        var place: DevicePlace
        var vendor: UInt16
        var product: UInt16
        /// Class, subclass and protocol of each interface: 0x030101 is a keyboard of the boot protocol.
        var interfaces: Set<UInt32>
        var interfaceNames: [String]

        var text: String { "\(PCIID(vendor: vendor, device: product))" }
    }

    func add(consoleIsLocal: Bool?, to ledger: inout UseLedger) {
        let devices = devices()
        for device in devices {
            if let name = VirtualUSB.name(vendor: device.vendor, product: device.product) {
                ledger.add(.management, .critical, ["\(name) \(device.text)"], at: device.place)
            }
            if isPowerSupply(device) {
                ledger.add(.usb, .inUse, ["uninterruptible power supply \(device.text)"], at: device.place)
            }
        }
        addKeyboard(devices, consoleIsLocal, &ledger)
    }

    /// HID (3), boot interface (1), keyboard (1): Device Class Definition for HID 1.11, section 4.
    private static let keyboard: UInt32 = 0x030101

    private func addKeyboard(_ devices: [Device], _ consoleIsLocal: Bool?, _ ledger: inout UseLedger) {
        let keyboards = devices.filter { $0.interfaces.contains(Self.keyboard) }
        guard keyboards.count == 1, !hasBuiltInKeyboard, consoleIsLocal != false else { return }
        ledger.add(
            .usb, consoleIsLocal == nil ? .unknown : .critical, ["only keyboard \(keyboards[0].text)"],
            at: keyboards[0].place)
    }

    /// A keyboard of the PS/2 controller, as laptops have it.
    private var hasBuiltInKeyboard: Bool {
        (tree.names(SysfsPath.serioDevices) ?? []).contains {
            tree.link("\(SysfsPath.serioDevices)/\($0)/driver")?.lastComponent == "atkbd"
        }
    }

    private func devices() -> [Device] {
        let names = tree.names(SysfsPath.usbDevices) ?? []
        var interfaces: [Substring: [String]] = [:]
        for name in names {
            if let colon = name.firstIndex(of: ":") { interfaces[name[..<colon], default: []].append(name) }
        }
        return names.filter { DevicePlace.isUSBDevice($0) }.compactMap { name in
            let directory = "\(SysfsPath.usbDevices)/\(name)"
            guard let link = tree.link(directory), let vendor = hex("\(directory)/idVendor"),
                let product = hex("\(directory)/idProduct")
            else { return nil }
            let own = interfaces[name[...]] ?? []
            return Device(
                name: name, place: DevicePlace(link: link), vendor: UInt16(truncatingIfNeeded: vendor),
                product: UInt16(truncatingIfNeeded: product), interfaces: Set(own.compactMap { interface($0) }),
                interfaceNames: own)
        }
    }

    private func interface(_ name: String) -> UInt32? {
        let directory = "\(SysfsPath.usbDevices)/\(name)"
        guard let code = hex("\(directory)/bInterfaceClass") else { return nil }
        let subclass = hex("\(directory)/bInterfaceSubClass") ?? 0
        return code << 16 | subclass << 8 | (hex("\(directory)/bInterfaceProtocol") ?? 0)
    }

    private func hex(_ path: String) -> UInt32? { tree.line(path).flatMap { UInt32($0, radix: 16) } }

    /// Makers whose HID devices are power supplies and hardly anything else: APC, MGE/Eaton, CyberPower, Tripp Lite,
    /// Powercom, Phoenixtec, Liebert.
    private static let powerVendors: Set<UInt16> = [0x051d, 0x0463, 0x0764, 0x09ae, 0x0d9f, 0x06da, 0x10af]

    /// A HID report descriptor that begins with the usage page "Power Device" (0x84): HID Usage Tables for Power Devices
    /// 1.1. Where it is not shown, the maker decides.
    private func isPowerSupply(_ device: Device) -> Bool {
        guard device.interfaces.contains(where: { $0 >> 16 == 0x03 }) else { return false }
        for interface in device.interfaceNames {
            let directory = "\(SysfsPath.usbDevices)/\(interface)"
            // `0003:051D:0002.0001`: bus, vendor, product, instance.
            let reports = (tree.names(directory) ?? []).filter { $0.hasPrefix("0003:") }
            for report in reports {
                if let begin = tree.bytes("\(directory)/\(report)/report_descriptor", atMost: 2) {
                    if begin == [0x05, 0x84] { return true }
                }
            }
        }
        return Self.powerVendors.contains(device.vendor)
    }
}
