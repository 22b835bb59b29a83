extension Inventory {
    /// 16 hexadecimal digits over what plans depend on: functions, drivers, overrides, groups, virtual functions, host
    /// uses, IOMMU. The same on every machine and in every run.
    ///
    /// Names, sizes and whether vfio-pci is loaded yet are left out: no plan becomes wrong when they change.
    package var digest: String {
        var digest = Digest()
        digest.add(host.name)
        digest.add(readiness.iommu.rawValue)
        digest.add(readiness.vfioAvailable.map { $0 ? 2 : 1 } ?? 0)
        for function in functions { digest.add(function) }
        for group in groups {
            digest.add(group.id.rawValue)
            digest.add(group.members.count)
            for member in group.members { digest.add(member.number) }
        }
        for device in usb where !device.isHub { digest.add(device) }
        for (device, uses) in hostUses.sorted(by: { $0.key < $1.key }) {
            digest.add(device)
            for use in uses {
                digest.add(use.reason.rawValue)
                digest.add(use.severity.rawValue)
                digest.add(use.chain.count)
                for link in use.chain { digest.add(link) }
            }
        }
        return digest.value.hex(16)
    }
}

private struct Digest {
    private var hash = FNV1a()

    var value: UInt64 { hash.value }

    mutating func add(_ number: Int) {
        for shift in stride(from: 0, to: 64, by: 8) { hash.add(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    /// With its length, so that two texts in a row cannot be mistaken for two others.
    mutating func add(_ text: String) {
        add(text.utf8.count)
        hash.add(text)
    }

    mutating func add(_ text: String?) {
        add(text == nil ? 0 : 1)
        if let text { add(text) }
    }

    /// Functions as they always were, so that their plans stay current.
    mutating func add(_ device: DeviceKey) {
        switch device {
        case .pci(let address): add(address.number)
        case .usb: add(device.description)
        }
    }

    mutating func add(_ device: USBDevice) {
        add(device.key)
        add(device.deviceNumber)
        add(device.id.description)
        add(device.isAuthorized ? 1 : 0)
        for interface in device.interfaces { add(interface.driver) }
    }

    mutating func add(_ function: PCIFunction) {
        add(function.address.number)
        add(function.id.number)
        add(function.isBridge ? 1 : 0)
        add(function.driver)
        add(function.driverOverride)
        add(function.iommuGroup?.rawValue ?? -1)
        add(function.activeVFs)
        if let silence = function.silence { add(silence.sign.rawValue) }
    }
}
