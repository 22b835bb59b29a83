extension Planner {
    /// What a person should know before the units change hands.
    func handOverFindings(_ units: [DeviceUnit]) -> [Finding] {
        units.flatMap { mateFindings($0) } + devices(of: units).flatMap { $0.handOverFindings(in: inventory) }
    }

    private func mateFindings(_ unit: DeviceUnit) -> [Finding] {
        guard let group = unit.primary.pci.flatMap({ inventory[$0] })?.iommuGroup else { return [] }
        let companions = unit.companions.map {
            Finding(
                "companion-goes-along", .note, subject: subject($0),
                "\(name(of: $0)) is handed over together with \(name(of: unit.primary)): both are in IOMMU group "
                    + "\(group).")
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
            "\(name(of: mate.key)) is part of the chipset in IOMMU group \(group): it stays as it is, and no guest "
                + "gets it.",
            next: ["Do not bind a driver to \(mate.short) while its group is lent."])
    }

    func cannotMigrate(_ vm: String) -> Finding {
        Finding(
            "no-live-migration", .note, subject: "vm \(vm)",
            "\(vm) cannot be live-migrated while it has a device of its host.")
    }

    private func subject(_ device: DeviceKey) -> String {
        DeviceID(host: inventory.host.name, key: device).description
    }
}
