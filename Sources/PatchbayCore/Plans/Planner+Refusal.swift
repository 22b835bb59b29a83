extension Planner {
    /// Why the unit must not be handed over, whoever asks; nil: it may be. Who has it is the other half of the question.
    ///
    /// `.hostCritical`, `.groupNotIsolated`, `.noIOMMU`, `.noVFIO`, `.notAssignable`, `.virtualFunctionsInUse`, `.inUse`
    /// by the host, `.unknownDevice`, and `.changedMeanwhile` when the group is not what the unit says.
    package func refusal(for unit: DeviceUnit) -> Problem? {
        guard let device = inventory[unit.primary] else {
            return Obstacle.unknown(unit.primary).problem(handingOver: unit, in: inventory)
        }
        if let stranger = Strangers(inventory, usage).obstacle(to: device, in: inventory) {
            return stranger.problem(handingOver: unit, in: inventory)
        }
        let group = unit.primary.pci.flatMap { inventory[$0]?.iommuGroup }.flatMap { inventory.group($0) }
        let index = HostIndex(inventory, Usage(), of: group.map { [$0] } ?? [])
        // What stands in the way tells more than that the group is another.
        if let obstacle = device.obstacle(in: inventory, knowing: index) {
            return obstacle.problem(handingOver: unit, in: inventory)
        }
        let current = device.unit(in: inventory)
        return current.members == unit.members ? nil : otherMembers(unit, current)
    }

    private func otherMembers(_ unit: DeviceUnit, _ current: DeviceUnit) -> Problem {
        func list(_ members: [DeviceKey]) -> String { members.map(\.description).joined(separator: ", ") }
        return Problem(
            .changedMeanwhile, "The IOMMU group of \(name(of: unit.primary)) changed since the device was chosen.",
            evidence: ["chosen: \(list(unit.members))", "its IOMMU group has: \(list(current.members))"],
            next: ["Repeat the command: the whole group is handed over together."])
    }

    /// A VM has one of the devices.
    ///
    /// - Parameters:
    ///   - vms: who may have them.
    ///   - definitionsCount: whether a VM that is off has what its definition names.
    func refusal(
        whenHeld devices: [DeviceKey], except vms: Set<String> = [], definitionsCount: Bool = false
    ) -> Problem? {
        let holders = Holders(usage)
        for device in devices {
            guard let hold = holders[device], !(hold.owner.vm.map(vms.contains) ?? false) else { continue }
            switch hold {
            case .definition where !definitionsCount: continue
            case .claim, .domain, .definition: return held(device, by: hold)
            }
        }
        return nil
    }

    private func held(_ device: DeviceKey, by hold: Holders.Hold) -> Problem {
        let evidence =
            switch hold {
            case .claim(let owner, let isAttached, _):
                "\(device) is \(isAttached ? "in" : "reserved for") \(owner.words)"
            case .domain(let vm): "\(device) is in VM \(vm), which runs"
            case .definition(let vm): "\(device) is in the definition of VM \(vm)"
            }
        let next: NextStep =
            switch hold {
            case .claim(let owner, _, _): owner.toEnd
            case .domain(let vm): ClaimOwner.vm(vm).toEnd
            case .definition(let vm): "Remove it from that definition:  virsh edit \(vm)"
            }
        return Problem(
            .inUse, "Device \(name(of: device)) is in use: \(hold.owner.words) has it.", evidence: [evidence],
            next: [next])
    }
}
