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
        for address in simulated.written(by: steps) {
            guard let expected = simulated[address] else { continue }
            findings += differences(of: address, from: expected)
            guard let id = expected.iommuGroup, groups.insert(id).inserted else { continue }
            let (now, then) = (group(id)?.members ?? [], simulated.group(id)?.members ?? [])
            for mate in now where !then.contains(mate) {
                findings.append(otherwise(mate, "joined IOMMU group \(id) while the plan was carried out"))
            }
        }
        return findings
    }

    /// Sorted.
    private func written(by steps: [Step]) -> [PCIAddress] {
        var addresses = Set(steps.compactMap(\.address))
        for address in addresses {
            guard let group = self[address]?.iommuGroup.flatMap({ self.group($0) }) else { continue }
            addresses.formUnion(group.members.filter { self[$0]?.isBridge == false })
        }
        return addresses.sorted()
    }

    private func differences(of address: PCIAddress, from expected: PCIFunction) -> [Finding] {
        guard let function = self[address] else { return [otherwise(address, "is not there any more")] }
        var findings: [Finding] = []
        if function.driver != expected.driver {
            let (now, then) = (function.driver ?? "no driver", expected.driver ?? "no driver")
            findings.append(otherwise(address, "is on \(now), and the plan was to leave it on \(then)"))
        }
        if function.driverOverride != expected.driverOverride {
            let (now, then) = (function.driverOverride ?? "none", expected.driverOverride ?? "none")
            findings.append(otherwise(address, "has the driver override \(now), and the plan was to leave \(then)"))
        }
        if function.iommuGroup != expected.iommuGroup {
            let (now, then) = (function.iommuGroup?.description, expected.iommuGroup?.description)
            findings.append(otherwise(address, "is in IOMMU group \(now ?? "none") and was in \(then ?? "none")"))
        }
        return findings
    }

    private func otherwise(_ address: PCIAddress, _ how: String) -> Finding {
        let device = DeviceID(host: host.name, key: address.key)
        return Finding(
            "not-as-planned", .warning, subject: device.description, "\(device.short) \(how).",
            next: ["See how it is:  patchbay device show \(device.short)"])
    }
}
