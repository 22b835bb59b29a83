import PatchbayCore

extension API.Host {
    package init(
        _ inventory: Inventory, readiness: API.Readiness, findings: [PatchbayCore.Finding], agent: API.AgentState,
        settings: PatchbayCore.HostSettings = PatchbayCore.HostSettings(), deviceCounts: [String: Int],
        inventoryAt: Int?, revision: Int
    ) {
        let facts = inventory.host
        self.init(
            name: facts.name, kernel: facts.kernel, distribution: facts.distribution, cpuCount: facts.cpuCount,
            memoryMiB: facts.memoryMiB, numaNodes: facts.numaNodes.map(\.rawValue),
            readiness: readiness, findings: findings.map(API.Finding.init), agent: agent,
            settings: API.HostSettings(settings),
            deviceCounts: deviceCounts, inventoryDigest: inventory.digest, inventoryAt: inventoryAt,
            revision: revision)
    }
}

extension API.Readiness {
    /// - Parameter report: what the doctor found in this inventory.
    package init(_ inventory: Inventory, _ report: PatchbayCore.DoctorReport) {
        let readiness = inventory.readiness
        self.init(
            iommu: readiness.iommu, vfioLoaded: readiness.vfioLoaded, vfioAvailable: readiness.vfioAvailable,
            isReady: report.isReady, headline: report.headline,
            warnings: report.checks.count { $0.verdict == .warning })
    }
}

extension API.AgentState {
    package init(connected: Bool, lastSeenAt: Int?, version: String?) {
        self.init(isConnected: connected, lastSeenAt: lastSeenAt, version: version)
    }
}

extension API.Status {
    package init(hosts: [API.Host], vms: [API.VM], findings: [API.Finding], revision: Int) {
        var devices = [API.Device]().countsByState
        for host in hosts { devices.merge(host.deviceCounts, uniquingKeysWith: +) }
        var states = Dictionary(uniqueKeysWithValues: Domain.State.allCases.map { ($0.rawValue, 0) })
        for vm in vms { states[vm.state.rawValue, default: 0] += 1 }
        self.init(
            version: AgentProtocol.version, hosts: hosts, deviceCounts: devices, vmCounts: states, findings: findings,
            revision: revision)
    }
}
