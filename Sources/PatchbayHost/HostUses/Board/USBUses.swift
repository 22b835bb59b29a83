import PatchbayCore

/// What of USB the host needs by being what it is: the management controller's virtual devices, the only keyboard, an
/// uninterruptible power supply. Disks and network cards on USB come with their mounts and routes.
struct USBUses {
    let tree: HostTree

    private struct Device {
        var usb: USBDevice
        var place: DevicePlace

        var text: String { "\(usb.id)" }
    }

    func add(consoleIsLocal: Bool?, to ledger: inout UseLedger) {
        let devices = devices(ledger.inventory)
        for device in devices {
            if let name = VirtualUSB.name(vendor: device.usb.vendor, product: device.usb.product) {
                ledger.add(.management, .critical, ["\(name) \(device.text)"], at: device.place)
            }
            if isPowerSupply(device.usb) {
                ledger.add(.usb, .inUse, ["uninterruptible power supply \(device.text)"], at: device.place)
            }
        }
        addKeyboard(devices, consoleIsLocal, &ledger)
    }

    private func addKeyboard(_ devices: [Device], _ consoleIsLocal: Bool?, _ ledger: inout UseLedger) {
        let keyboards = devices.filter { $0.usb.interfaces.contains(where: \.isBootKeyboard) }
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

    private func devices(_ inventory: Inventory) -> [Device] {
        inventory.usb.filter { !$0.isRootHub }.compactMap { device in
            tree.link(SysfsPath.usbDevice(device.address.description)).map {
                Device(usb: device, place: DevicePlace(link: $0))
            }
        }
    }

    /// Makers whose HID devices are power supplies and hardly anything else: APC, MGE/Eaton, CyberPower, Tripp Lite,
    /// Powercom, Phoenixtec, Liebert.
    private static let powerVendors: Set<UInt16> = [0x051d, 0x0463, 0x0764, 0x09ae, 0x0d9f, 0x06da, 0x10af]

    /// A HID report descriptor that begins with the usage page "Power Device" (0x84): HID Usage Tables for Power Devices
    /// 1.1. Where it is not shown, the maker decides.
    private func isPowerSupply(_ device: USBDevice) -> Bool {
        let interfaces = device.interfaces.filter { $0.interfaceClass == 0x03 }
        guard !interfaces.isEmpty else { return false }
        for interface in interfaces {
            let address = USBInterfaceAddress(
                device: device.address, configuration: interface.configuration, number: interface.number)
            let directory = "\(SysfsPath.usbDevices)/\(address)"
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
