/// The switches over kinds of devices: whoever adds one is led here by the compiler.
extension Inventory {
    package subscript(key: DeviceKey) -> (any Device)? {
        switch key {
        case .pci(let address): self[address]
        case .usb(let address): self[address]
        }
    }

    package func has(_ key: DeviceKey) -> Bool {
        switch key {
        case .pci(let address): index(of: address) != nil
        case .usb(let address): index(of: address) != nil
        }
    }

    /// The devices of a kind, in the order of their keys.
    package func devices(of kind: DeviceKind) -> [any Device] {
        switch kind {
        case .pci: functions
        case .usb: usb
        }
    }

    /// Shows the devices of each kind, as they are: thousands of them need no box each.
    func show(to visitor: inout some DeviceVisitor) {
        visitor.visit(functions)
        visitor.visit(usb)
    }
}

/// Looks at all devices of a host, kind by kind.
protocol DeviceVisitor {
    /// - Parameter devices: all of a kind, sorted by their keys.
    mutating func visit<D: Device>(_ devices: [D])
}

extension DeviceKind {
    package var type: any Device.Type {
        switch self {
        case .pci: PCIFunction.self
        case .usb: USBDevice.self
        }
    }
}

extension Inventory {
    /// What is handed over when a device is; nil: there is no such device.
    package func unit(of key: DeviceKey) -> DeviceUnit? { self[key]?.unit(in: self) }

    /// By what a device is known again; nil: there is no such device.
    package func identity(of key: DeviceKey) -> DeviceIdentity? { self[key]?.identity(in: self) }

    /// Critical before merely in use; the first of several.
    package func mostSevereUse(of key: DeviceKey) -> HostUse? {
        guard let uses = hostUses[key], let worst = uses.map(\.severity).max() else { return nil }
        return uses.first { $0.severity == worst }
    }

    /// The most severe of all that is known about a device.
    package func verdict(of key: DeviceKey) -> HostVerdict { HostVerdict(mostSevereUse(of: key)?.severity) }
}
