import PatchbayCore

/// What was read of the USB devices of a host.
struct USBReading: Hashable, Sendable {
    /// Sorted by port.
    var devices: [USBDevice] = []
    var findings: [Finding] = []
}

/// The USB devices of a host with their ports, interfaces and the kernel names that stand on them.
struct USBReader {
    let tree: HostTree
    let host: String

    /// Without the names that only a list has for ids that say nothing of themselves.
    func read() -> USBReading {
        var findings: [Finding] = []
        let entries = tree.names(SysfsPath.usbDevices) ?? []
        let interfaces = interfaces(entries)
        var devices: [USBDevice] = []
        for entry in entries {
            guard let address = USBAddress(kernelName: entry) else { continue }
            guard var device = device(address) else {
                findings.append(
                    Finding(
                        "usb-unreadable", .note, subject: "\(host)/\(entry)",
                        "The ids and number of USB device \(entry) cannot be read.",
                        next: ["It may have been unplugged just now: read the host again."]))
                continue
            }
            device.interfaces = interfaces[address] ?? []
            devices.append(device)
        }
        Self.markUniqueSerials(&devices)
        let nodes = devices.contains { !$0.isHub } ? USBNodes(tree).byDevice : [:]
        for index in devices.indices { devices[index].nodes = nodes[devices[index].address] ?? [] }
        return USBReading(devices: devices.sorted { $0.address < $1.address }, findings: findings)
    }

    private func device(_ address: USBAddress) -> USBDevice? {
        let path = SysfsPath.usbDevice(address.description)
        guard let directory = AttributeDirectory(tree, path),
            let vendor = directory.hex(SysfsPath.USB.vendor, as: UInt16.self),
            let product = directory.hex(SysfsPath.USB.product, as: UInt16.self),
            let number = directory.decimal(SysfsPath.USB.deviceNumber)
        else { return nil }
        return USBDevice(
            address: address, port: port(path, address), deviceNumber: number, vendor: vendor, product: product,
            vendorName: directory.line(SysfsPath.USB.manufacturer),
            productName: directory.line(SysfsPath.USB.productName), serial: directory.line(SysfsPath.USB.serial),
            speed: directory.line(SysfsPath.USB.speed).flatMap { Self.tenths($0) },
            version: directory.line(SysfsPath.USB.version),
            deviceClass: directory.hex(SysfsPath.USB.deviceClass, as: UInt8.self) ?? 0,
            maxPower: directory.line(SysfsPath.USB.maxPower).flatMap { Int($0.prefix { $0.isNumber }) },
            isAuthorized: directory.decimal(SysfsPath.USB.authorized) != 0)
    }

    /// The port's own directory is in that of the hub's interface: `usb1/1-0:1.0/usb1-port3`.
    private func port(_ path: String, _ address: USBAddress) -> USBPort {
        let controller = tree.link(path).flatMap { TopologyPath.functions($0).last }
        var port = USBPort(controller: controller)
        if let place = address.portDirectory,
            let directory = AttributeDirectory(tree, "\(SysfsPath.usbDevice(place.hubInterface))/\(place.name)")
        {
            port.companion = directory.target(SysfsPath.USB.peer)
            port.connectType = directory.line(SysfsPath.USB.connectType)
        }
        return port
    }

    /// By the device they belong to, sorted by number.
    private func interfaces(_ entries: [String]) -> [USBAddress: [USBInterface]] {
        var interfaces: [USBAddress: [USBInterface]] = [:]
        for entry in entries {
            guard let address = USBInterfaceAddress(kernelName: entry),
                let directory = AttributeDirectory(tree, SysfsPath.usbDevice(entry)),
                let number = directory.hex(SysfsPath.USB.interfaceNumber, as: UInt8.self),
                let interfaceClass = directory.hex(SysfsPath.USB.interfaceClass, as: UInt8.self)
            else { continue }
            interfaces[address.device, default: []].append(
                USBInterface(
                    number: Int(number), configuration: address.configuration, interfaceClass: interfaceClass,
                    subclass: directory.hex(SysfsPath.USB.interfaceSubclass, as: UInt8.self) ?? 0,
                    interfaceProtocol: directory.hex(SysfsPath.USB.interfaceProtocol, as: UInt8.self) ?? 0,
                    driver: directory.target("driver")))
        }
        return interfaces.mapValues { $0.sorted { $0.number < $1.number } }
    }

    /// `1.5` → 15, `480` → 4800. nil: not a speed the kernel prints.
    static func tenths(_ text: String) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = Int(parts[0]), (0...1_000_000).contains(whole), parts.count <= 2 else { return nil }
        guard parts.count == 2 else { return whole * 10 }
        guard let tenth = Int(parts[1]), (0...9).contains(tenth) else { return nil }
        return whole * 10 + tenth
    }

    private static func markUniqueSerials(_ devices: inout [USBDevice]) {
        let counts = Dictionary(grouping: devices.compactMap(\.serialKey)) { $0 }.mapValues(\.count)
        for index in devices.indices {
            devices[index].isSerialUnique = devices[index].serialKey.map { counts[$0] == 1 } ?? false
        }
    }
}
