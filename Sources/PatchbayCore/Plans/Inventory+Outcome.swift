/// What was read after a plan, held against what the plan was to make: a difference is somebody else's doing, or the kernel's.
extension Inventory {
    /// What is otherwise than simulated, of the functions that the steps wrote to and of their mates; what else changed on the
    /// host meanwhile is no business of the plan.
    ///
    /// - Parameter before: the host as it was known when the plan ended, with any part of its steps in effect.
    package func differences(from before: Inventory, after steps: [Step]) -> [Finding] {
        let simulated = before.after(steps)
        var groups: Set<IOMMUGroupID> = []
        var findings: [Finding] = []
        for device in simulated.written(by: steps) {
            guard let address = device.pci, let expected = simulated[address] else {
                findings += differences(of: device, from: simulated)
                continue
            }
            findings += differences(of: address, from: expected)
            guard let id = expected.iommuGroup, groups.insert(id).inserted else { continue }
            let (now, then) = (group(id)?.members ?? [], simulated.group(id)?.members ?? [])
            for mate in now where !then.contains(mate) {
                findings.append(otherwise(mate.key, "joined IOMMU group \(id) while the plan ran"))
            }
        }
        return findings
    }

    /// Sorted.
    private func written(by steps: [Step]) -> [DeviceKey] {
        var devices = Set(steps.compactMap(\.device))
        for case .pci(let address) in devices {
            guard let group = self[address]?.iommuGroup.flatMap({ self.group($0) }) else { continue }
            devices.formUnion(group.members.lazy.filter { self[$0]?.isBridge == false }.map(\.key))
        }
        return devices.sorted()
    }

    /// A USB device may be pulled at any time, which is nobody's mistake.
    private func differences(of device: DeviceKey, from simulated: Inventory) -> [Finding] {
        guard let address = device.usb, let now = self[address], let expected = simulated[address],
            now.deviceNumber == expected.deviceNumber
        else { return [] }
        return zip(now.interfaces, expected.interfaces).filter { $0.hostDriver != $1.hostDriver }.map {
            interface, planned in
            let (driver, then) = (interface.hostDriver ?? "no driver", planned.hostDriver ?? "no driver")
            return otherwise(
                device, "has interface \(interface.number) on \(driver); the plan expected \(then)")
        }
    }

    private func differences(of address: PCIAddress, from expected: PCIFunction) -> [Finding] {
        guard let function = self[address] else { return [otherwise(address.key, "is no longer there")] }
        var findings: [Finding] = []
        if function.driver != expected.driver {
            let (now, then) = (function.driver ?? "no driver", expected.driver ?? "no driver")
            findings.append(otherwise(address.key, "is on \(now); the plan expected \(then)"))
        }
        if function.driverOverride != expected.driverOverride {
            let (now, then) = (function.driverOverride ?? "none", expected.driverOverride ?? "none")
            findings.append(otherwise(address.key, "has the driver override \(now); the plan expected \(then)"))
        }
        if function.iommuGroup != expected.iommuGroup {
            let (now, then) = (function.iommuGroup?.description, expected.iommuGroup?.description)
            findings.append(otherwise(address.key, "is in IOMMU group \(now ?? "none"); it was in \(then ?? "none")"))
        }
        return findings
    }

    private func otherwise(_ key: DeviceKey, _ how: String) -> Finding {
        let device = DeviceID(host: host.name, key: key)
        return Finding(
            "not-as-planned", .warning, subject: device.description, "\(device.short) \(how).",
            next: [NextStep("See its state", .showDevice(device.short))])
    }
}
