extension Planner {
    /// What a person should know before the units change hands.
    func handOverFindings(_ units: [DeviceUnit]) -> [Finding] {
        let mates = units.flatMap { mateFindings($0) }
        let functions = functions(of: units)
        return mates + functions.compactMap { leavesHost($0) } + functions.compactMap { notCleanable($0) }
    }

    private func mateFindings(_ unit: DeviceUnit) -> [Finding] {
        guard let group = inventory[unit.primary]?.iommuGroup else { return [] }
        let companions = unit.companions.map {
            Finding(
                "companion-goes-along", .note, subject: subject($0),
                "\(name(of: $0)) goes along with \(name(of: unit.primary)): both are in IOMMU group \(group).")
        }
        return companions + unit.bridges.map { stays($0, group) }
    }

    private func stays(_ mate: PCIAddress, _ group: IOMMUGroupID) -> Finding {
        guard inventory[mate]?.isBridge == false else {
            return Finding(
                "bridge-stays", .note, subject: subject(mate.key),
                "\(name(of: mate.key)) is a bridge of IOMMU group \(group) and stays with the host.")
        }
        return Finding(
            "mate-parked", .note, subject: subject(mate.key),
            "\(name(of: mate.key)) is a part of the chipset in IOMMU group \(group): it is left as it is, and no guest gets it.",
            next: ["Do not bind a driver to \(mate.short) while its group is lent."])
    }

    private func leavesHost(_ function: PCIFunction) -> Finding? {
        guard let driver = function.driver, !function.isOnVFIO else { return nil }
        let carried = function.nodes + carriedByUSB(function)
        let nodes = carried.isEmpty ? "" : " with \(carried.joined(separator: ", "))"
        return Finding(
            "leaves-host", .warning, subject: subject(function.key),
            "\(name(of: function.key)) leaves the host\(nodes) while it is lent: the \(driver) driver lets go of it."
                + " No reboot is needed.",
            next: ["Make sure that nothing on \(inventory.host.name) uses it."])
    }

    /// What hangs on a USB controller: by the kernel's names, or what it is called where none stands on it.
    private func carriedByUSB(_ function: PCIFunction) -> [String] {
        let devices = inventory.survey?.usbDevices(on: function.address) ?? []
        return devices.flatMap { $0.nodes.isEmpty ? [$0.title] : $0.nodes }.filter { !function.nodes.contains($0) }
    }

    private func notCleanable(_ function: PCIFunction) -> Finding? {
        guard function.resetMethods?.isEmpty == true else { return nil }
        return Finding(
            "not-cleanable", .warning, subject: subject(function.key),
            "\(name(of: function.key)) has no reset method: what one guest leaves in it, the next one finds.",
            next: ["Give it to one VM only, or reboot the host between guests."])
    }

    func cannotMigrate(_ vm: String) -> Finding {
        Finding(
            "no-live-migration", .note, subject: "vm \(vm)",
            "\(vm) cannot be live-migrated while it holds a PCI device.")
    }

    private func subject(_ device: DeviceKey) -> String {
        DeviceID(host: inventory.host.name, key: device).description
    }
}
