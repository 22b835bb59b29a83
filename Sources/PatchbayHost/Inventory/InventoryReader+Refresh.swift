import PatchbayCore

extension InventoryReader {
    /// The host as it is after `change`, given how it was: the functions that changed are read again with the types of
    /// their groups, and what is cheap whatever the host's size (readiness, interfaces, disks, host uses). The same as
    /// `observe()` as long as `change` names everything that changed; throws the same.
    ///
    /// After a survey the result is a survey, too: details are kept for what did not change and read for what did, and
    /// the parts of the survey that the change is about are read again. Processes are looked at again when devices changed or
    /// `change` says so: no event tells of what they open. So are hugepages in use where there are any: no event
    /// tells of them, and they come and go with guests.
    package func refresh(_ earlier: Result, after change: HostChange) throws(Problem) -> Result {
        let tree = try openTree()
        guard !change.isEverything, earlier.readings.isBusKnown, earlier.readings.doubled.isEmpty else {
            var result = try observe()
            result.inventory.usb = result.inventory.usb.named(as: earlier.inventory.usb)
            try ReadingTrouble.watch(root: root) { deepen(&result, since: earlier, after: change, tree) }
            return result
        }
        var readings = earlier.readings
        var touched: Set<PCIAddress> = []
        if !change.functions.isEmpty {
            touched = try ReadingTrouble.watch(root: root, countsDenied: isRoot) {
                readings.read(again: change.functions, tree, numa: NUMALayout(tree), locked: locked)
            }
        }
        return try ReadingTrouble.watch(root: root) {
            var result = result(
                tree, earlier.inventory.host, readings, since: earlier.inventory.groups, touching: touched,
                usb: change.parts.contains(.usb) || !change.functions.isEmpty
                    ? usbReading(tree, earlier.inventory.host.name, earlier.usb) : earlier.usb,
                knowing: change.isAboutPrograms ? nil : earlier.sights,
                guests: earlier.sights.guests)
            result.inventory.usb = result.inventory.usb.named(as: earlier.inventory.usb)
            deepen(&result, since: earlier, after: change, tree)
            return result
        }
    }

    private func deepen(_ result: inout Result, since earlier: Result, after change: HostChange, _ tree: HostTree) {
        guard let survey = earlier.inventory.survey else { return }
        let holders = result.sights.holders(in: result.inventory)
        result.inventory.survey = survey
        result.inventory.survey?.holders = holders
        result.inventory.survey?.platform.numaCells = NUMAReader.pagesAgain(survey.platform.numaCells, tree)
        result.inventory.keepDetails(of: earlier.inventory, butFor: change.arrivals)
        readDetails(&result.inventory, since: earlier.inventory, after: change, tree)
        result.findings += earlier.findings.filter { Result.surveyed.contains($0.code) }
        result.tellFindings()
        if change.parts.contains(.mediated) {
            let mediated = MediatedReader(tree: tree, locked: locked)
            let parents = mediated.parents(among: result.inventory.functions)
            let states: [PCIAddress: MIGState] = survey.mediatedParents.reduce(into: [:]) { $0[$1.address] = $1.mig }
            result.inventory.survey?.mediatedParents = MediatedParent.adding(states, to: parents)
            result.inventory.survey?.mediatedDevices = mediated.devices()
        }
    }

    /// Reads the details of the functions that changed and the reserved memory of their groups.
    private func readDetails(
        _ inventory: inout Inventory, since earlier: Inventory, after change: HostChange, _ tree: HostTree
    ) {
        let addresses = Set(change.functions.lazy.compactMap { PCIAddress(printed: $0) })
        let functions = inventory.functions.filter { function in
            if case .virtual = function.role { return false }
            return addresses.contains(function.address) || !function.hasDetails
        }
        guard !functions.isEmpty else { return }
        let ids = Set(functions.compactMap(\.iommuGroup))
        var part = Inventory(
            host: inventory.host, readiness: inventory.readiness, functions: functions,
            groups: inventory.groups.filter { ids.contains($0.id) })
        _ = DetailsReader(tree: tree, locked: locked).fill(&part)
        for function in part.functions {
            guard let index = inventory.index(of: function.address) else { continue }
            let known = inventory.functions[index].details
            inventory.functions[index].details = function.details?.adding(known)
        }
        // The ends of a link may be read at different times.
        inventory.connectLinks()
        for group in part.groups {
            guard let index = inventory.groups.firstIndex(where: { $0.id == group.id }) else { continue }
            inventory.groups[index] = group
        }
    }
}

extension PCIDetails {
    /// A driver tells serials that without it cannot be seen, and who sleeps tells nothing: what was seen of the same device
    /// stays known.
    fileprivate func adding(_ earlier: PCIDetails?) -> PCIDetails {
        var details = self
        if !isSilent { details.capabilities = capabilities ?? earlier?.capabilities }
        let all = [serials, earlier?.serials ?? []]
        details.serials = DeviceSerial.Kind.allCases.flatMap { kind in
            all.lazy.map { $0.filter { $0.kind == kind } }.first { !$0.isEmpty } ?? []
        }
        return details
    }
}

extension Inventory {
    /// Takes details and reserved memory over from an earlier inventory of the same boot, where the device is the same.
    mutating func keepDetails(of earlier: Inventory, butFor arrivals: Set<String>) {
        let gone = Set(arrivals.lazy.compactMap { PCIAddress(printed: $0) })
        for (index, known) in earlier.sameDevices(as: functions.span) where !gone.contains(functions[index].address) {
            functions[index].takeDetails(of: earlier.functions[known])
        }
        for index in groups.indices where groups[index].reservedRegions == nil {
            guard let known = earlier.group(groups[index].id), known.members == groups[index].members else { continue }
            groups[index].reservedRegions = known.reservedRegions
        }
    }

    /// The places of those without details, and of the same devices here that have some.
    private func sameDevices(as others: Span<PCIFunction>) -> [(index: Int, known: Int)] {
        // A copy of each function would cost more than the rest.
        let own = functions.span
        var same: [(Int, Int)] = []
        for index in others.indices where !others[index].hasDetails {
            guard let known = self.index(of: others[index].address), own[known].hasDetails,
                own[known].id == others[index].id, own[known].subsystem == others[index].subsystem,
                own[known].topologyPath == others[index].topologyPath
            else { continue }
            same.append((index, known))
        }
        return same
    }
}
