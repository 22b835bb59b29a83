extension USBDevice: Device {
    package static var kind: DeviceKind { .usb }

    package var key: DeviceKey { .usb(address) }

    package var isNeverLent: Bool { isHub }

    /// A stick or a disk: its file systems are its own.
    package var isDisk: Bool { interfaces.contains { $0.interfaceClass == 0x08 } }

    package var carriesDisks: Bool { isDisk }

    package var keepsData: Bool { isDisk }

    package func facts(on host: String) -> USBFacts { USBFacts(device: self, host: host) }

    /// Wherever it is plugged in, where its serial tells it from others; else whatever of its model is at its port.
    package var ownConditions: [Condition] {
        let place =
            tellingSerial.map { Condition(.serial, .equal, $0) } ?? Condition(naming: key)
        return [Condition(.id, .equal, id.description), place]
    }

    /// Nova knows no USB devices, so there is no class of them in placement.
    package func completing(_ tags: DeviceTags) -> DeviceTags { tags }

    package func identity(in inventory: Inventory) -> DeviceIdentity { .usb(inventory.identity(of: self)) }

    package func staysWithHost(in inventory: Inventory) -> Bool { isHub }

    package var resource: UnitResource { .device(key) }

    /// No IOMMU group holds it: a USB device has no memory access of its own.
    package func unit(in inventory: Inventory) -> DeviceUnit {
        DeviceUnit(primary: key, companions: [], bridges: [])
    }

    package func rivals(in inventory: Inventory) -> [DeviceKey] { port.controller.map { [$0.key] } ?? [] }

    package func obstacle(in inventory: Inventory, knowing index: HostIndex) -> Obstacle? {
        if isHub { return .hub(address) }
        if let use = inventory.mostSevereUse(of: key) { return .hostUse(key, use) }
        guard isAuthorized else { return .unauthorized(address) }
        if let controller = port.controller, let hold = index.holders[controller.key] {
            return .rivalHeld(controller.key, of: key, by: hold.owner)
        }
        guard let hold = index.holders[key] else { return nil }
        return .defined(key, vm: hold.owner.name)
    }

    /// Near its controller, whose whole card no USB device is.
    package func topology(in inventory: Inventory) -> DeviceTopology {
        DeviceTopology(
            node: port.controller.flatMap { inventory[$0]?.numaNode }, card: key.description, ports: [],
            carrier: port.controller?.key)
    }
}

/// Every interface is unbound from its driver by itself; QEMU takes what is unbound, and binds nothing when it lets go.
///
/// Source: `hw/usb/host-libusb.c`, `usb_host_detach_kernel`; `drivers/usb/core/driver.c`.
extension USBDevice {
    /// `1-3.1:1.0` and its driver on the host.
    private var bound: [(interface: USBInterface, address: USBInterfaceAddress, driver: String)] {
        interfaces.compactMap { interface in
            guard let driver = interface.hostDriver else { return nil }
            let address = USBInterfaceAddress(
                device: address, configuration: interface.configuration, number: interface.number)
            return (interface, address, driver)
        }
    }

    package var hasDriver: Bool { interfaces.contains { $0.driver != nil } }

    package var isHandedOver: Bool { bound.isEmpty }

    package static func preparation(of inventory: Inventory) -> [Step] { [] }

    package var handOverSteps: [Step] { bound.map { .unbindInterface($0.address, from: $0.driver) } }

    /// What is mounted from it was refused before; everything else lets go at once.
    package var handOverRisk: Int { 2 }

    package var drivers: Binding.Kind {
        .usb(
            drivers: Dictionary(bound.map { ($0.interface.number, $0.driver) }, uniquingKeysWith: { first, _ in first })
        )
    }

    package func giveBackSteps(to kept: Binding.Kind) -> [Step] {
        guard case .usb(let drivers) = kept else { return [] }
        return interfaces.compactMap { interface in
            guard let original = drivers[interface.number], interface.hostDriver == nil else { return nil }
            let address = USBInterfaceAddress(
                device: address, configuration: interface.configuration, number: interface.number)
            return .bindInterface(address, to: original)
        }
    }

    package var forgettingSteps: [Step] { [] }

    package var isTaken: Bool { isHandedOver }

    /// A device without drivers is as the host found it.
    package var isTakenByStranger: Bool { false }

    package var driverWords: String {
        let drivers = Set(bound.map(\.driver)).sorted()
        return "\(key) is on \(drivers.isEmpty ? "no driver" : drivers.listed)"
    }

    package static var canBeHotplugged: Bool { true }

    package func handOverFindings(in inventory: Inventory) -> [Finding] {
        guard !isHandedOver else { return [] }
        let device = DeviceID(host: inventory.host.name, key: key)
        let drivers = Set(bound.map(\.driver)).sorted()
        let with = nodes.isEmpty ? "" : " with \(nodes.joined(separator: ", "))"
        return [
            Finding(
                "leaves-host", .warning, subject: device.description,
                "\(device.short) leaves the host\(with) while it is lent: \(drivers.listed) "
                    + (drivers.count == 1 ? "lets" : "let") + " go of it.",
                next: ["Make sure that nothing on \(inventory.host.name) uses it."])
        ]
    }
}
