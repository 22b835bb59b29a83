import PatchbayCore

extension InventoryReader {
    /// The host as far as it decides whether devices may be taken: they, the members that their groups have now or had before
    /// and the virtual functions that came or went with them are read again, nothing deep; with why the host needs them, by uses
    /// of every kind, and readiness. Where they have disks or networks, what is in other namespaces is looked at again, too. What
    /// else it holds is as old as `earlier`. Throws as `observe()` does.
    ///
    /// - Parameters:
    ///   - unread: devices that changed since.
    ///   - earlier: nil: everything is read.
    package func reading(
        deciding devices: Set<DeviceKey>, alsoAgain unread: Set<DeviceKey> = [], since earlier: Result?
    ) throws(Problem) -> Inventory {
        guard let earlier, earlier.readings.isBusKnown, earlier.readings.doubled.isEmpty else {
            return try observe().inventory
        }
        let tree = try openTree()
        var readings = earlier.readings
        let devices = devices.union(unread)
        let usb = usbDevices(beside: devices, tree, earlier)
        let controllers = devices.compactMap(\.usb).compactMap { address in
            (usb ?? []).first { $0.address == address }?.port.controller
        }
        var names = Set((devices.compactMap(\.pci) + controllers).map(\.description))
        names.formUnion(mates(of: names, tree).union(mates(of: names, earlier.inventory)))
        let decided = Set(names.lazy.compactMap { PCIAddress(printed: $0) })
        let touched = try ReadingTrouble.watch(root: root, countsDenied: isRoot) {
            let numa = NUMALayout(tree)
            let touched = readings.read(
                again: names.union(displays(beside: decided, earlier.inventory)), tree, numa: numa, locked: locked)
            let children = readings.childrenThatCameOrWent(of: decided)
            return touched.union(
                children.isEmpty ? [] : readings.read(again: children, tree, numa: numa, locked: locked))
        }
        return try ReadingTrouble.watch(root: root) { [readings] in
            // Uses of a parent that is read again for one of its virtual functions would need the others: they stay.
            let asked = readings.withDependents(of: decided)
            return inventory(
                replacing: asked.union(touched), by: readings, touching: touched, usesOf: asked, usb, tree,
                since: earlier)
        }
    }

    private func inventory(
        replacing again: Set<PCIAddress>, by readings: FunctionReadings, touching touched: Set<PCIAddress>,
        usesOf asked: Set<PCIAddress>, _ usb: [USBDevice]?, _ tree: HostTree, since earlier: Result
    ) -> Inventory {
        var inventory = earlier.inventory
        if let usb { inventory.usb = usb }
        let blocks = BlockDevices(tree)
        var survey = FunctionSurvey(readings, host: inventory.host.name, only: again)
        survey.addNodes(blocks: blocks, tree: tree)
        survey.addSilence(tree: tree)
        let groups = survey.groups(tree, since: inventory.groups, touching: touched)
        let readiness = ReadinessReader(tree: tree, isPCIGrouped: !groups.isEmpty).read(release: inventory.host.kernel)
        var part = Inventory(
            host: inventory.host, readiness: readiness, functions: survey.functions, groups: groups)
        part.keepDetails(of: inventory, butFor: [])
        inventory.replace(again, by: part.functions)
        inventory.groups = part.groups
        inventory.readiness = readiness

        let looked = asked.flatMap { [earlier.inventory[$0], inventory[$0]] }.compactMap(\.self)
        let sights = HolderScan(tree: tree).again(
            earlier.sights, mounts: looked.contains { $0.mayHaveDisks || $0.isUSBController },
            networks: looked.contains { $0.deviceClass.isNetwork || !$0.nodes.isEmpty || $0.isUSBController })
        let uses = HostUses(
            tree: tree, inventory: inventory, blocks: blocks, peers: peers, sights: sights, locked: locked,
            asked: asked
        ).read().uses
        for address in asked { inventory.hostUses[address] = uses[address] }
        for device in usb.map({ Set($0 + earlier.inventory.usb) }) ?? [] {
            inventory.hostUses[device.key] = uses[device.key]
        }
        return inventory
    }

    /// Where a USB device is decided on, or what it is plugged into, all of them: which of them there are tells what a controller
    /// carries.
    private func usbDevices(
        beside devices: Set<DeviceKey>, _ tree: HostTree, _ earlier: Result
    ) -> [USBDevice]? {
        let inventory = earlier.inventory
        let isAsked = devices.contains { device in
            device.usb != nil || device.pci.flatMap { inventory[$0]?.isUSBController } ?? false
        }
        guard isAsked else { return nil }
        return usbReading(tree, inventory.host.name, earlier.usb).devices.named(as: inventory.usb)
    }

    /// Whether a display is the only one is a matter of the others. Where none is decided on, nobody asks.
    private func displays(beside decided: Set<PCIAddress>, _ inventory: Inventory) -> [String] {
        guard decided.contains(where: { inventory[$0]?.hasPicture ?? true }) else { return [] }
        return inventory.functions.filter(\.hasPicture).map(\.address.description)
    }

    /// `/sys/kernel/iommu_groups/<id>/devices` has a function that joined the group since as well.
    private func mates(of names: Set<String>, _ tree: HostTree) -> Set<String> {
        let groups = Set(
            names.compactMap { name in
                tree.link("\(SysfsPath.pciDevice(name))/\(SysfsPath.Function.iommuGroup)")?.lastComponent
            })
        return Set(groups.flatMap { tree.names("\(SysfsPath.iommuGroup($0))/devices") ?? [] })
    }

    /// Those that were in its groups before.
    private func mates(of names: Set<String>, _ inventory: Inventory) -> Set<String> {
        let groups = Set(names.lazy.compactMap { PCIAddress(printed: $0) }.compactMap { inventory[$0]?.iommuGroup })
        return Set(groups.flatMap { inventory.group($0)?.members.map(\.description) ?? [] })
    }
}

extension FunctionReadings {
    /// Virtual functions of which a parent tells and their directories were not read, or the other way round, by name.
    fileprivate func childrenThatCameOrWent(of parents: Set<PCIAddress>) -> Set<String> {
        var changed: Set<PCIAddress> = []
        for parent in parents {
            guard case .physical(_, _, let told)? = self[parent]?.role else { continue }
            changed.formUnion(told)
        }
        let functions = functions.span
        for index in functions.indices {
            guard case .virtual(let parent, _) = functions[index].role, parents.contains(parent) else { continue }
            if changed.remove(functions[index].address) == nil { changed.insert(functions[index].address) }
        }
        return Set(changed.map(\.description))
    }

    /// They, the virtual functions that they have made, and what is in the PCI domains that they make (Intel VMD).
    fileprivate func withDependents(of decided: Set<PCIAddress>) -> Set<PCIAddress> {
        let makers = decided.compactMap { self[$0] }.filter { !$0.isBridge && !$0.topologyPath.isEmpty }
        let domains = makers.map { "\($0.topologyPath)/pci" }
        var all = decided
        let functions = functions.span
        for index in functions.indices {
            if case .virtual(let parent, _) = functions[index].role, decided.contains(parent) {
                all.insert(functions[index].address)
            } else if domains.contains(where: functions[index].topologyPath.hasPrefix) {
                all.insert(functions[index].address)
            }
        }
        return all
    }
}
