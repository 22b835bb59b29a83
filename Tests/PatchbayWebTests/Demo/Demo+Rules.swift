import PatchbayAPI
import PatchbayCore

extension Demo {
    /// What rules match, decided by the rules themselves.
    func matches(_ rules: [API.Rule], _ kind: DeviceKind = .pci) throws(Problem) -> [API.Device] {
        var parsed: [Rule] = []
        for rule in rules { parsed.append(try rule.rule(for: kind)) }
        return devices.filter { device in
            device.kind == kind && !device.isBridge && parsed.contains { matches($0, device) }
        }
    }

    private func matches(_ rule: Rule, _ device: API.Device) -> Bool {
        guard device.kind == .usb else { return rule.matches(Self.function(device), on: device.host) }
        let found = surveys[device.host]?.usb.first { $0.id == device.id }.flatMap { USBDevice($0) }
        return found.map { rule.matches($0, on: device.host) } ?? false
    }

    private static func function(_ device: API.Device) -> PCIFunction {
        PCIFunction(
            address: try! PCIAddress(device.address),
            id: PCIID(
                vendor: UInt16(device.vendorID, radix: 16) ?? 0, device: UInt16(device.deviceID, radix: 16) ?? 0),
            deviceClass: PCIClass(UInt32(device.classCode, radix: 16) ?? 0), vendorName: device.vendorName,
            deviceName: device.deviceName, className: device.className, driver: device.driver,
            iommuGroup: device.iommuGroup.map { IOMMUGroupID($0) }, numaNode: device.numaNode.map { NUMANode($0) },
            topologyPath: device.topologyPath)
    }

    /// Devices that a VM has and the new rules leave out.
    func leftOut(of pool: String, by rules: [API.Rule]) throws(Problem) -> [[String: Any]] {
        let kept = Set(try matches(rules).map(\.id))
        return devices.filter { $0.pools.contains(pool) && $0.vm != nil && !kept.contains($0.id) }.map {
            Wire.finding(
                "held-outside-pool", "warning", $0.id,
                "\($0.shortID) is in pool \(pool) no more, but \($0.vm ?? "") holds it and keeps it until it stops.")
        }
    }
}
