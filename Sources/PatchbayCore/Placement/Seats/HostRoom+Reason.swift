extension HostRoom {
    /// A quick test of the whole host; nil: there is a set of nodes that the guest fits on, or it floats and fits.
    package func fits(_ needs: GuestNeeds) -> Reason? {
        if let reason = hostReason(for: needs) { return reason }
        guard needs.hasCells else { return nil }
        let offers = offers(for: needs)
        let counts = needs.cellCounts(upTo: offers.count)
        return counts.contains { Self.sureSet(of: $0, for: needs, among: offers) != nil } ? nil : lack(needs, offers)
    }

    /// Why the guest does not fit on these nodes, one cell on each; nil: it does. No nodes: for a guest that floats.
    package func reason(for needs: GuestNeeds, on nodes: [NUMANode]) -> Reason? {
        if let reason = hostReason(for: needs) { return reason }
        guard needs.hasCells else { return nil }
        if let reason = cellReason(for: needs, count: nodes.count) { return reason }
        guard Set(nodes).count == nodes.count else { return Reason(.cells, "Each NUMA cell needs a node of its own.") }
        var offers: [Offer] = []
        for name in nodes {
            guard let place = place(of: name), self.nodes[place].hasCPUs else {
                return Reason(.cells, "\(host) has no NUMA node \(name) with CPUs.")
            }
            offers.append(offer(at: place, for: needs))
        }
        return lack(needs, vcpuShares: needs.vcpuShares(over: nodes.count), offers)
            ?? lack(needs, pieceShares: needs.pieceShares(over: nodes.count), offers)
    }

    /// What does not depend on the nodes.
    private func hostReason(for needs: GuestNeeds) -> Reason? {
        if needs.pin.isDedicated, !isPinned {
            return Reason(
                .notPinned, "\(host) is not set to pinned, so its CPUs cannot be dedicated to guests.")
        }
        if needs.hasCells {
            guard isKnown else { return Reason(.cells, "\(host) does not report its NUMA nodes.") }
            if let reason = cellReason(for: needs, count: needs.cells ?? 1) { return reason }
        }
        return crowdReason(for: needs) ?? totalReason(for: needs)
    }

    /// For guests whose CPUs are not their own.
    private func crowdReason(for needs: GuestNeeds) -> Reason? {
        guard !needs.pin.isDedicated else { return nil }
        if needs.pin == .none, isPinned, isolated.isEmpty {
            return Reason(
                .processors, "\(host) is pinned: unpinned guests are not placed there.")
        }
        guard let cpuCount else { return nil }
        let limit = max(0, cpuCount.minus(dedicated.union(isolated).count)).times(Self.overcommit)
        guard sharedVCPUs.plus(needs.vcpus) > limit else { return nil }
        return Reason(
            .processors,
            "\(host) has \(max(0, limit.minus(sharedVCPUs))) of \(limit) shared vCPU left; \(needs.vcpus) are "
                + "requested.")
    }

    private func totalReason(for needs: GuestNeeds) -> Reason? {
        guard needs.hugepageKiB == nil, let freeMiB, freeMiB < needs.memoryMiB else { return nil }
        return Reason(
            .memory, "\(host) has \(max(0, freeMiB)) MiB left for guests; \(needs.memoryMiB) MiB are requested.")
    }

    private func cellReason(for needs: GuestNeeds, count: Int) -> Reason? {
        if needs.hugepageKiB != nil, !needs.hasWholePages {
            let pages = Self.page(needs.hugepageKiB ?? 0)
            return Reason(.hugepages, "\(needs.memoryMiB) MiB is not a multiple of the page size \(pages).")
        }
        guard count > 0, needs.cells == nil || needs.cells == count else {
            return Reason(.cells, "\(count) NUMA nodes for a guest of \(needs.cells ?? 1) cells.")
        }
        guard count <= needs.vcpus, count <= needs.memoryMiB / needs.pieceMiB else {
            return Reason(
                .cells, "\(needs.vcpus) vCPU and \(needs.memoryMiB) MiB cannot be divided among \(count) NUMA cells.")
        }
        return nil
    }

    /// `1 GiB`, `2 MiB`, `64 KiB`
    static func page(_ sizeKiB: Int) -> String {
        if sizeKiB > 0, sizeKiB % (1 << 20) == 0 { return "\(sizeKiB >> 20) GiB" }
        return sizeKiB > 0 && sizeKiB % 1024 == 0 ? "\(sizeKiB >> 10) MiB" : "\(sizeKiB) KiB"
    }
}
