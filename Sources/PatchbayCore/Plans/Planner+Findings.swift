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
        let bridges = unit.bridges.map {
            Finding(
                "bridge-stays", .note, subject: subject($0),
                "\(name(of: $0)) is a bridge of IOMMU group \(group) and stays with the host.")
        }
        return companions + bridges
    }

    private func leavesHost(_ function: PCIFunction) -> Finding? {
        guard let driver = function.driver, !function.isOnVFIO else { return nil }
        let nodes = function.nodes.isEmpty ? "" : " with \(function.nodes.joined(separator: ", "))"
        return Finding(
            "leaves-host", .warning, subject: subject(function.address),
            "\(name(of: function.address)) leaves the host\(nodes) while it is lent: the \(driver) driver lets go of it."
                + " No reboot is needed.",
            next: ["Make sure that nothing on \(inventory.host.name) uses it."])
    }

    private func notCleanable(_ function: PCIFunction) -> Finding? {
        guard function.resetMethods?.isEmpty == true else { return nil }
        return Finding(
            "not-cleanable", .warning, subject: subject(function.address),
            "\(name(of: function.address)) has no reset method: what one guest leaves in it, the next one finds.",
            next: ["Give it to one VM only, or reboot the host between guests."])
    }

    func cannotMigrate(_ vm: String) -> Finding {
        Finding(
            "no-live-migration", .note, subject: "vm \(vm)",
            "\(vm) cannot be live-migrated while it holds a PCI device.")
    }

    private func subject(_ address: PCIAddress) -> String {
        DeviceID(host: inventory.host.name, address: address).description
    }
}
