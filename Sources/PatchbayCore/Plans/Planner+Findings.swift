extension Planner {
    /// What a person should know before the units change hands.
    func handOverFindings(_ units: [DeviceUnit]) -> [Finding] {
        let mates = units.flatMap { mateFindings($0) }
        let functions = functions(of: units)
        return mates + functions.compactMap { leavesHost($0) } + functions.flatMap { dataAtRisk($0) }
            + functions.compactMap { notCleanable($0) }
    }

    private func mateFindings(_ unit: DeviceUnit) -> [Finding] {
        guard let group = inventory[unit.primary]?.iommuGroup else { return [] }
        let companions = unit.companions.map {
            Finding(
                "companion-goes-along", .note, subject: subject($0),
                "\(name(of: $0)) goes along with \(name(of: unit.primary)): both are in IOMMU group \(group).")
        }
        let bridges = unit.bridges.map {
            Finding(
                "bridge-stays", .note, subject: subject($0.key),
                "\(name(of: $0.key)) is a bridge of IOMMU group \(group) and stays with the host.")
        }
        return companions + bridges
    }

    private func leavesHost(_ function: PCIFunction) -> Finding? {
        guard let driver = function.driver, !function.isOnVFIO else { return nil }
        let nodes = function.nodes.isEmpty ? "" : " with \(function.nodes.joined(separator: ", "))"
        return Finding(
            "leaves-host", .warning, subject: subject(function.key),
            "\(name(of: function.key)) leaves the host\(nodes) while it is lent: the \(driver) driver lets go of it."
                + " No reboot is needed.",
            next: ["Make sure that nothing on \(inventory.host.name) uses it."])
    }

    private func dataAtRisk(_ function: PCIFunction) -> [Finding] {
        let uses = inventory.hostUses[function.address] ?? []
        return uses.filter { $0.severity == .dataAtRisk }.map { use in
            Finding(
                "data-at-risk", .warning, subject: subject(function.key),
                "\(name(of: function.key)) holds data that a guest can overwrite (\(use.sentence)).",
                next: ["Copy what is worth keeping before a guest gets it."])
        }
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
