import PatchbayCore

extension LiveKernel {
    package func inventory() async throws(Problem) -> Inventory { try await observe().inventory }

    /// The inventory with what is to be said about reading it.
    package func observe() async throws(Problem) -> InventoryReader.Result {
        let earlier = known.result
        return try await read(.everything) { (reader, change) throws(Problem) in
            guard let earlier else { return try reader.observe() }
            return try reader.refresh(earlier, after: change)
        }
    }

    /// Without an earlier reading everything is read.
    package func inventory(after change: HostChange) async throws(Problem) -> Inventory {
        guard let earlier = known.result else { return try await inventory() }
        return try await read(change) { (reader, change) throws(Problem) in
            try reader.refresh(earlier, after: change)
        }.inventory
    }

    /// Nothing of it is kept: it says less than the reading that later ones go on from.
    package func inventory(deciding devices: Set<DeviceKey>) async throws(Problem) -> Inventory {
        let (locked, earlier) = (lockedDevices(), known.result)
        let unread = known.unread
        let reader = InventoryReader(
            root: root, hostName: hostName, locked: locked, peers: peers, firmware: firmware)
        var inventory = try await reading { () throws(Problem) in
            try reader.reading(deciding: devices, alsoAgain: unread, since: earlier)
        }
        for case .pci(let address) in locked {
            guard let index = inventory.index(of: address) else { continue }
            inventory.functions[index].driverOverride = overrides[address]
        }
        return inventory
    }

    package func survey() async throws(Problem) -> Inventory {
        try await read(.everything, asksPrograms: true) { (reader, _) throws(Problem) in try reader.survey() }.inventory
    }

    private func read(
        _ change: HostChange, asksPrograms: Bool = false,
        _ body: @escaping @Sendable (InventoryReader, HostChange) throws(Problem) -> InventoryReader.Result
    ) async throws(Problem) -> InventoryReader.Result {
        let locked = lockedDevices()
        for device in locked { known.touch(device) }
        let (number, touched) = known.begin()
        var change = change
        change.functions.formUnion(touched.compactMap(\.pci?.description))
        if touched.contains(where: { $0.usb != nil }) { change.parts.insert(.usb) }
        let reader = InventoryReader(
            root: root, hostName: hostName, locked: locked, peers: peers, firmware: firmware)
        let asked = change
        do throws(Problem) {
            var result = try await reading { () throws(Problem) in try body(reader, asked) }
            if asksPrograms { await reader.askPrograms(about: &result.inventory) }
            settleOverrides(&result.inventory, locked)
            known.keep(result, of: number)
            for device in locked { known.touch(device) }
            return result
        } catch {
            known.giveBack(touched)
            throw error
        }
    }

    /// What a hanging write keeps from being read is what it was.
    private func settleOverrides(_ inventory: inout Inventory, _ locked: Set<DeviceKey>) {
        for index in inventory.functions.indices {
            let address = inventory.functions[index].address
            if locked.contains(address.key) {
                inventory.functions[index].driverOverride = overrides[address]
            } else {
                overrides[address] = inventory.functions[index].driverOverride
            }
        }
    }
}
